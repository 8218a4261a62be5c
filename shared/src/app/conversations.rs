//! Reading conversations.

use crate::{
    domain::{ConversationId, Message},
    store::{Core, CountedThread, Listed, Messages, Thread, Window},
};

use super::{
    access::{Caller, Door},
    error::{Error, Result},
};

/// One page of the workspace's conversations, by their newest message.
pub async fn conversations(
    core: &Core,
    messages: &Messages,
    caller: &Caller,
    window: Window<'_>,
) -> Result<Listed<CountedThread>> {
    let access = Door(core).open(caller).await?;
    Ok(messages.threads(&access.workspace, window).await?)
}

/// One page of a conversation, with its head.
pub async fn conversation(
    core: &Core,
    messages: &Messages,
    caller: &Caller,
    id: &ConversationId,
    window: Window<'_>,
) -> Result<(Thread, Listed<Message>)> {
    let access = Door(core).open(caller).await?;
    let (thread, listed) = tokio::try_join!(
        messages.thread(&access.workspace, id),
        messages.conversation(&access.workspace, id, window),
    )?;
    Ok((thread.ok_or(Error::NotFound)?, listed))
}
