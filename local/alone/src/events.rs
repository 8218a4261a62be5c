//! The events, which function each is for, and what is to become of it.

use std::fs;

use anyhow::{Context, Result};
use numberline_events::World;
use numberline_tests::lab::Setup;
use numberline_tests::repository::{files, root};
use serde_json::Value;

use crate::answer::Expected;

/// The world in which an event makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// As it is before every event.
    Usual,
    /// Tiny Studio's order has been worked: it has a number.
    WithANumber,
    /// The platform's number is lent.
    WithASharedNumber,
}

impl Scene {
    /// Sets the scene in a world whose webhooks come to `webhook_base`.
    pub(crate) async fn set(self, webhook_base: &'static str) -> Result<World> {
        let world = World::set_up(Setup {
            webhook_base,
            ..Setup::default()
        });
        let world = world.await?;
        match self {
            Self::Usual => {}
            Self::WithANumber => world.work_the_studios_order().await?,
            Self::WithASharedNumber => world.lend_the_platforms_number().await?,
        }
        Ok(world)
    }
}

/// Events that need another world, or of which not everything is taken. What is not here happens in the usual world,
/// and is done.
const PARTICULAR: [(&str, Scene, Expected); 11] = [
    ("messages/send", Scene::WithANumber, Expected::Done),
    (
        "messages/send-shared",
        Scene::WithASharedNumber,
        Expected::Done,
    ),
    (
        "shared-numbers/withdraw",
        Scene::WithASharedNumber,
        Expected::Done,
    ),
    ("verify/verify", Scene::WithANumber, Expected::Done),
    ("verify/repair", Scene::WithANumber, Expected::Done),
    (
        "publish/one-unreadable",
        Scene::Usual,
        Expected::Failures(1),
    ),
    (
        "bookkeeper/one-unreadable",
        Scene::Usual,
        Expected::Failures(1),
    ),
    (
        "order-worker/one-unreadable",
        Scene::Usual,
        Expected::Failures(1),
    ),
    // Signed for the laboratory's time, and probes are believed for half a minute only.
    ("webhook-inbound/probe", Scene::Usual, Expected::Status(403)),
    (
        "webhook-inbound/text-to-nobody",
        Scene::Usual,
        Expected::Status(404),
    ),
    (
        "webhook-inbound/text-of-another-account",
        Scene::Usual,
        Expected::Status(403),
    ),
];

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Its file, from the repository's root.
    pub(crate) path: String,
    /// What the file says.
    pub(crate) content: Value,
    /// The world it happens in.
    pub(crate) scene: Scene,
    /// What is to become of it.
    pub(crate) expected: Expected,
}

impl Event {
    fn read(path: &str) -> Result<Self> {
        let text = fs::read_to_string(root().join(path)).with_context(|| path.to_owned())?;
        let name = path.trim_start_matches("events/").trim_end_matches(".json");
        let particular = PARTICULAR.iter().find(|(event, ..)| *event == name);
        let (scene, expected) = particular.map_or((Scene::Usual, Expected::Done), |found| {
            let (_, scene, expected) = *found;
            (scene, expected)
        });
        Ok(Self {
            path: path.to_owned(),
            content: serde_json::from_str(&text).with_context(|| path.to_owned())?,
            scene,
            expected,
        })
    }

    /// All events of a function.
    pub(crate) fn all_of(function: &str) -> Result<Vec<Self>> {
        let found = files(&format!("events/{function}"), ".json")
            .with_context(|| format!("{function} has no events"))?;
        found.iter().map(|file| Self::read(&file.path)).collect()
    }

    /// The event that stands for a function: the first that its README tells of.
    pub(crate) fn first_of(function: &str) -> Result<Self> {
        let readme = format!("functions/{function}/README.md");
        let text = fs::read_to_string(root().join(&readme)).with_context(|| readme.clone())?;
        let first = first_event(&text);
        Self::read(first.with_context(|| format!("{readme} names no event to send it"))?)
    }
}

fn first_event(readme: &str) -> Option<&str> {
    let mut words = readme.split_whitespace();
    words.find(|word| word.starts_with("events/"))
}

#[cfg(test)]
mod tests {
    use numberline_tests::repository::root;

    use super::{Event, Expected, PARTICULAR, Scene, first_event};

    #[test]
    fn the_first_event_of_a_readme_stands_for_its_function() {
        let readme = "## Trying it\n\n```\ncargo lambda invoke x --data-file events/x/one.json  # one\n… events/x/two.json\n```";
        assert_eq!(first_event(readme), Some("events/x/one.json"));
        assert_eq!(first_event("a made-up cast (`events/src/cast.rs`)"), None);
        let event = Event::first_of("webhook-inbound").unwrap();
        assert_eq!(event.path, "events/webhook-inbound/text.json");
        assert_eq!(
            (event.scene, event.expected),
            (Scene::Usual, Expected::Done)
        );
    }

    #[test]
    fn particular_events_exist() {
        for (name, ..) in PARTICULAR {
            assert!(
                root().join(format!("events/{name}.json")).is_file(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_function_without_events_is_named() {
        let error = format!("{:#}", Event::first_of("no-such-function").unwrap_err());
        assert!(
            error.contains("functions/no-such-function/README.md"),
            "{error}"
        );
    }
}
