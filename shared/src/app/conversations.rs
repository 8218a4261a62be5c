//! Reading conversations.

use crate::{
    domain::{ConversationId, Message},
    store::{Core, CountedThread, Cursor, Listed, Messages, Thread},
};

use super::{
    access::{Caller, Door},
    error::{Error, Result},
};

/// One page of the workspace's conversations, the newest message first.
pub async fn conversations(
    core: &Core,
    messages: &Messages,
    caller: &Caller,
    cursor: Option<&Cursor>,
    limit: u8,
) -> Result<Listed<CountedThread>> {
    let access = Door(core).open(caller).await?;
    Ok(messages.threads(&access.workspace, cursor, limit).await?)
}

/// One page of a conversation, newest first, with its head.
pub async fn conversation(
    core: &Core,
    messages: &Messages,
    caller: &Caller,
    id: &ConversationId,
    page: (Option<&Cursor>, u8),
) -> Result<(Thread, Listed<Message>)> {
    let (cursor, limit) = page;
    let access = Door(core).open(caller).await?;
    let (thread, listed) = tokio::try_join!(
        messages.thread(&access.workspace, id),
        messages.conversation(&access.workspace, id, cursor, limit),
    )?;
    Ok((thread.ok_or(Error::NotFound)?, listed))
}
