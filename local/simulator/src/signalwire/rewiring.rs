//! Changes of a number that come from the dashboard, past both APIs and their rules.

use crate::{NobodysNumber, Rewiring, Wire, world::World};

/// Changes a number as somebody did in the dashboard.
pub(crate) fn rewire(world: &mut World, change: &Rewiring) -> Result<(), NobodysNumber> {
    let now = world.now();
    let nobodys = || NobodysNumber(change.number.clone());
    let id = world
        .signalwire
        .by_e164(&change.number)
        .ok_or_else(nobodys)?;
    let id = id.id.clone();
    let number = world.signalwire.numbers.get_mut(&id).ok_or_else(nobodys)?;
    for (wire, value) in &change.set {
        match member(*wire) {
            Some(member) => number.routing.change([(member, value.clone())].into()),
            None => number.trunk.clone_from(value),
        }
    }
    number.updated_at = now;
    Ok(())
}

/// The member of the routing that a wire is; a trunk is none of it.
const fn member(wire: Wire) -> Option<&'static str> {
    Some(match wire {
        Wire::VoiceUrl => "call_request_url",
        Wire::VoiceMethod => "call_request_method",
        Wire::VoiceFallbackUrl => "call_fallback_url",
        Wire::VoiceFallbackMethod => "call_fallback_method",
        Wire::VoiceApplication => "call_laml_application_id",
        Wire::SmsUrl => "message_request_url",
        Wire::SmsMethod => "message_request_method",
        Wire::SmsFallbackUrl => "message_fallback_url",
        Wire::SmsFallbackMethod => "message_fallback_method",
        Wire::SmsApplication => "message_laml_application_id",
        Wire::StatusUrl => "call_status_callback_url",
        Wire::StatusMethod => "call_status_callback_method",
        Wire::Trunk => return None,
    })
}
