//! A workspace's numbers: reading, labelling, routing.

use crate::{
    domain::{
        E164, Number, NumberId, Region, VoiceRouting, number::LABEL_MAX, routing::GREETING_MAX,
    },
    store::{Core, Cursor, Edited, Listed, NumberEdit, Wanted},
};

use super::{
    access::{Caller, Door},
    error::{Error, Result},
};

/// One page of the workspace's numbers, oldest first.
pub async fn numbers(
    core: &Core,
    caller: &Caller,
    cursor: Option<&Cursor>,
    limit: u8,
) -> Result<Listed<Number>> {
    let access = Door(core).open(caller).await?;
    Ok(core.numbers(&access.workspace, cursor, limit).await?)
}

/// One number of the workspace.
pub async fn number(core: &Core, caller: &Caller, id: &NumberId) -> Result<Number> {
    let (_, read) = Door(core).enter(caller, &[Wanted::Number(id)]).await?;
    read.number(id)?.ok_or(Error::NotFound)
}

/// Changes a number's label or routing. The record of a number that was given back stays
/// as it is: the number may be another workspace's by now.
pub async fn edit(
    core: &Core,
    caller: &Caller,
    id: &NumberId,
    edit: &NumberEdit,
) -> Result<Number> {
    check(edit)?;
    let access = Door(core).open(caller).await?.admin()?;
    forward_leads_out(core, edit).await?;
    let edited = core
        .edit_number(&access.workspace, id, edit, &access.actor)
        .await?;
    match edited {
        Edited::Yes(number) => Ok(*number),
        Edited::Gone => Err(Error::NumberGone),
        Edited::Missing => Err(Error::NotFound),
    }
}

/// A label as it is kept: without the blanks around it; empty is none.
pub fn label(text: &str, pointer: &str) -> Result<Option<String>> {
    let label = text.trim();
    if label.chars().count() > LABEL_MAX {
        let detail = format!("a label has at most {LABEL_MAX} characters");
        return Err(Error::invalid(pointer, "label_too_long", detail));
    }
    if label.chars().any(char::is_control) {
        return Err(Error::invalid(
            pointer,
            "label_invalid",
            "a label is one line of plain text",
        ));
    }
    Ok(Some(label.to_owned()).filter(|label| !label.is_empty()))
}

fn check(edit: &NumberEdit) -> Result<()> {
    let Some(routing) = &edit.routing else {
        return Ok(());
    };
    match &routing.voice {
        VoiceRouting::Greeting { text } if text.trim().is_empty() => Err(Error::invalid(
            "/routing/voice/text",
            "greeting_empty",
            "say something",
        )),
        VoiceRouting::Greeting { text } if text.chars().count() > GREETING_MAX => {
            let detail = format!("a greeting has at most {GREETING_MAX} characters");
            Err(Error::invalid(
                "/routing/voice/text",
                "greeting_too_long",
                detail,
            ))
        }
        VoiceRouting::Greeting { .. } => Ok(()),
        VoiceRouting::Forward { to } => allowed_destination(to),
    }
}

/// Calls and messages go to the United States and Canada: elsewhere in the
/// numbering plan they cost many times as much, which is what toll fraud lives on.
pub(super) fn allowed_destination(to: &E164) -> Result<()> {
    match to.area_code().region() {
        Region::Mainland | Region::TollFree => Ok(()),
        Region::Overseas | Region::Premium => Err(Error::DestinationNotAllowed),
    }
}

/// A call is never forwarded to a number of ours: two such numbers would call each
/// other without end.
async fn forward_leads_out(core: &Core, edit: &NumberEdit) -> Result<()> {
    let forward = edit.routing.as_ref().map(|routing| &routing.voice);
    if let Some(VoiceRouting::Forward { to }) = forward
        && core.claim(to).await?.is_some_and(|claim| claim.is_held())
    {
        return Err(Error::DestinationNotAllowed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Error, allowed_destination, label};

    #[test]
    fn labels_are_trimmed_and_bounded() {
        assert_eq!(
            label("  Front desk ", "/label").unwrap().as_deref(),
            Some("Front desk")
        );
        assert_eq!(label("   ", "/label").unwrap(), None);
        assert!(label(&"é".repeat(64), "/label").is_ok());
        assert!(matches!(
            label(&"x".repeat(65), "/label"),
            Err(Error::Invalid(_))
        ));
        assert!(matches!(
            label("two\nlines", "/label"),
            Err(Error::Invalid(_))
        ));
    }

    #[test]
    fn nothing_goes_where_it_is_dear() {
        assert!(allowed_destination(&"+12125550100".parse().unwrap()).is_ok());
        for dear in ["+18765550100", "+19005550100"] {
            let refused = allowed_destination(&dear.parse().unwrap());
            assert!(
                matches!(refused, Err(Error::DestinationNotAllowed)),
                "{dear}"
            );
        }
    }
}
