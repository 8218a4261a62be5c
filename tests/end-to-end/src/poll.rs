//! Asking again until something is so, with an end to it.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::{Instant, sleep, timeout_at};

/// Between two looks. A look itself takes a tenth of a second on the local stack.
const PAUSE: Duration = Duration::from_millis(100);

/// Looks until there is something to see. Fails, naming `what` was waited for, when that takes too long.
pub async fn until<T>(
    what: &str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let watch = async {
        loop {
            if let Some(seen) = look().await? {
                return Ok(seen);
            }
            sleep(PAUSE).await;
        }
    };
    timeout_at(Instant::now() + patience, watch)
        .await
        .with_context(|| format!("{what}: not within {patience:?}"))?
}
