//! Webhooks on their way out: prepared under the lock, sent without it.

use super::{Simulator, signalwire};
use crate::{
    Carrier, Delivered, Inbound, InboundError, Kind, Receipt,
    inbound::{REPEAT_MAX, Telling},
    ledger::Note,
};

/// Status callbacks are tried up to three times (guides, 2026-08).
const CALLBACK_ATTEMPTS: u32 = 3;

pub(super) async fn inbound(
    simulator: &Simulator,
    inbound: &Inbound,
) -> Result<Delivered, InboundError> {
    if inbound.repeat == 0 || inbound.repeat > REPEAT_MAX {
        return Err(InboundError::Repeat);
    }
    let telling = match inbound.carrier {
        Carrier::SignalWire => signalwire::inbound(&mut simulator.world(), inbound)?,
    };
    let mut delivered = Delivered {
        id: telling.id.clone(),
        status: None,
        body: String::new(),
        receipts: Vec::new(),
    };
    for _ in 0..inbound.repeat {
        let receipt = simulator.send(telling.main.clone(), false).await;
        delivered.status = receipt.status;
        delivered.body.clone_from(&receipt.body);
        let failed = !receipt.is_success();
        note(simulator, inbound, &telling, &receipt);
        delivered.receipts.push(receipt);
        // A failed action webhook is not repeated; its fallback is tried.
        if let (true, Some(fallback)) = (failed, &telling.fallback) {
            let receipt = simulator.send(fallback.clone(), true).await;
            note(simulator, inbound, &telling, &receipt);
            delivered.receipts.push(receipt);
        }
    }
    Ok(delivered)
}

fn note(simulator: &Simulator, inbound: &Inbound, telling: &Telling, receipt: &Receipt) {
    let mut note = Note::new(inbound.carrier, Kind::Inbound, &telling.account)
        .id(&telling.id)
        .detail("url", receipt.url.as_str())
        .detail("status", receipt.status);
    if let Some(number) = &telling.number {
        note = note.number(number);
    }
    simulator.world().enter(note);
}

pub(super) async fn deliver_due(simulator: &Simulator) -> Vec<Receipt> {
    let mut receipts = Vec::new();
    loop {
        let errand = {
            let mut world = simulator.world();
            let now = world.now();
            world.outbox.take(now)
        };
        let Some(errand) = errand else {
            return receipts;
        };
        let callback = match errand.carrier {
            Carrier::SignalWire => signalwire::callback(&simulator.world(), &errand),
        };
        let Some(callback) = callback else {
            continue;
        };
        for attempt in 1..=CALLBACK_ATTEMPTS {
            let receipt = simulator.send(callback.request.clone(), false).await;
            let note = Note::new(errand.carrier, Kind::Callback, &callback.account)
                .number(&callback.number)
                .id(&errand.message)
                .detail("status", errand.status)
                .detail("attempt", attempt)
                .detail("answer", receipt.status);
            simulator.world().enter(note);
            let done = receipt.is_success();
            receipts.push(receipt);
            if done {
                break;
            }
        }
    }
}
