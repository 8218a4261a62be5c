//! Lambda as it is when much is to do: workers side by side, in a world whose time
//! passes side by side, too.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Result, ensure};
use numberline::app::sweep::sweep;
use tokio::{task::JoinSet, time::sleep};

use super::{Books, Lab, Passing, Rest};

/// How often an idle worker looks at the queue.
const LOOK: Duration = Duration::from_millis(200);

/// How often it is looked whether everything has ended.
const CHECK: Duration = Duration::from_secs(5);

/// The schedule of the sweep.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// Longer than any order lives.
const PATIENCE: Duration = Duration::from_hours(26);

/// Has so many workers and the sweep work until every order has ended.
pub async fn work_side_by_side(lab: &Arc<Lab>, workers: usize) -> Result<Rest> {
    ensure!(
        lab.setup.passing == Passing::SideBySide,
        "in this world one thing happens after the other"
    );
    let over = Arc::new(AtomicBool::new(false));
    let mut crew = JoinSet::new();
    for _ in 0..workers {
        crew.spawn(work(Arc::clone(lab), Arc::clone(&over)));
    }
    let sweeping = tokio::spawn(sweep_on(Arc::clone(lab)));
    let rest = until_all_ended(lab).await;
    over.store(true, Ordering::SeqCst);
    sweeping.abort();
    crew.join_all().await;
    rest
}

async fn work(lab: Arc<Lab>, over: Arc<AtomicBool>) {
    let worker = lab.worker();
    while !over.load(Ordering::SeqCst) {
        let Some(message) = lab.queue.receive(lab.clock.time()) else {
            sleep(LOOK).await;
            continue;
        };
        match lab.invoke(&worker, &message.body).await {
            Ok(_) => lab.queue.delete(message.id),
            Err(error) => lab.seam.note(format!("worker stopped: {error:#}")),
        }
    }
}

async fn sweep_on(lab: Arc<Lab>) {
    loop {
        sleep(SWEEP_EVERY).await;
        let (core, queue, clock) = (lab.core(), lab.order_queue(), lab.clock());
        if let Err(error) = sweep(&core, &queue, &clock).await {
            lab.seam.note(format!("sweep stopped: {error}"));
        }
    }
}

async fn until_all_ended(lab: &Arc<Lab>) -> Result<Rest> {
    let latest = lab.clock.time().plus(PATIENCE);
    loop {
        sleep(CHECK).await;
        if Books::read(&lab.tables)?.open_orders().is_empty() {
            return Ok(Rest::Quiet);
        }
        if lab.clock.time() > latest {
            return Ok(Rest::Overdue);
        }
    }
}
