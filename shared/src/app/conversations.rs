//! Reading conversations.

use crate::{
    domain::{ConversationId, Message, MessageStatus},
    store::{Core, CountedThread, Listed, Messages, Thread, Window},
};

use super::{
    Base,
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

/// One page of a conversation, with its head. A message nobody lived to say the
/// outcome of is shown as what it is: unknown.
pub async fn conversation(
    base: &Base,
    messages: &Messages,
    caller: &Caller,
    id: &ConversationId,
    window: Window<'_>,
) -> Result<(Thread, Listed<Message>)> {
    let access = Door(&base.core).open(caller).await?;
    let (thread, mut listed) = tokio::try_join!(
        messages.thread(&access.workspace, id),
        messages.conversation(&access.workspace, id, window),
    )?;
    let now = base.clock.now();
    for message in &mut listed.items {
        if message.is_lost_sight_of(now) {
            message.status = MessageStatus::Unknown;
        }
    }
    // The head is written a moment after the message: until then the newest will do.
    let newest = listed.items.iter().max_by_key(|message| message.at);
    let thread = thread.or_else(|| newest.map(Thread::from));
    Ok((thread.ok_or(Error::NotFound)?, listed))
}
