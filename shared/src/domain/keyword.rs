//! The words with which people steer what they are sent: STOP, START and HELP.
//!
//! Only a message that says nothing else is one; case, blanks and punctuation do
//! not matter. The words for stopping are those the FCC names (47 CFR 64.1200(a)(10):
//! stop, quit, end, revoke, opt out, cancel, unsubscribe), STOPALL as every carrier
//! takes it, and ARRET and AIDE for Canada (CWTA's guidelines). HELP and INFO are the
//! CTIA's. START and UNSTOP begin again; YES does not, although some carriers take it:
//! it is also the answer to an ordinary question, and to take that for consent would
//! undo a STOP that nobody took back.

/// What somebody wants who sends one of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// No more messages from this number.
    Stop,
    /// Messages again.
    Start,
    /// To know who writes, and how to stop it.
    Help,
}

const WORDS: [(&str, Keyword); 14] = [
    ("STOP", Keyword::Stop),
    ("STOPALL", Keyword::Stop),
    ("UNSUBSCRIBE", Keyword::Stop),
    ("CANCEL", Keyword::Stop),
    ("END", Keyword::Stop),
    ("QUIT", Keyword::Stop),
    ("REVOKE", Keyword::Stop),
    ("OPTOUT", Keyword::Stop),
    ("ARRET", Keyword::Stop),
    ("START", Keyword::Start),
    ("UNSTOP", Keyword::Start),
    ("HELP", Keyword::Help),
    ("INFO", Keyword::Help),
    ("AIDE", Keyword::Help),
];

/// One letter more than the longest word has.
const LETTERS_MAX: usize = 12;

impl Keyword {
    /// The keyword a message is, if it is one and nothing else.
    #[must_use]
    pub fn of(message: &str) -> Option<Self> {
        let letters = message.chars().filter(|c| c.is_alphanumeric());
        let word: String = letters.take(LETTERS_MAX).map(plain).collect();
        let known = WORDS.into_iter().find(|(known, _)| *known == word);
        known.map(|(_, keyword)| keyword)
    }

    /// What the sender is answered, in the name of who writes from the number; a
    /// shared number that writes for nobody has no name.
    #[must_use]
    pub fn reply(self, name: Option<&str>) -> String {
        let name = name.unwrap_or("This number");
        match self {
            Self::Stop => format!(
                "{name}: you are unsubscribed and will get no more messages from this number. \
                 Reply START to get them again."
            ),
            Self::Start => format!(
                "{name}: you will get messages from this number again. \
                 Reply HELP for help, STOP to stop them."
            ),
            Self::Help => format!(
                "{name}: you get messages because you asked for them. Reply STOP to get no more. \
                 Message and data rates may apply."
            ),
        }
    }
}

/// The letter in upper case, without the accent of ARRÊT.
fn plain(letter: char) -> char {
    match letter {
        'ê' | 'Ê' => 'E',
        other => other.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Keyword, WORDS};

    #[track_caller]
    fn check(message: &str, expected: Option<Keyword>) {
        assert_eq!(Keyword::of(message), expected, "{message:?}");
    }

    #[test]
    fn a_keyword_is_the_whole_message_however_it_is_written() {
        use Keyword::{Help, Start, Stop};
        for (message, keyword) in [
            ("STOP", Stop),
            ("stop.", Stop),
            (" Stop!!\n", Stop),
            ("\"STOP\"", Stop),
            ("S T O P", Stop),
            ("stop all", Stop),
            ("Opt-Out", Stop),
            ("opt out", Stop),
            ("Arrêt", Stop),
            ("STOP 🛑", Stop),
            ("start", Start),
            ("Unstop", Start),
            ("help?", Help),
            ("Info", Help),
        ] {
            check(message, Some(keyword));
        }
        for message in [
            "",
            "?",
            "please stop",
            "stop it",
            "don't stop",
            "bus stop",
            "stop 1",
            "the end",
            "yes",
            "unsubscribed",
            "unsubscribe me",
            "helpful",
            "sтop",
        ] {
            check(message, None);
        }
    }

    #[test]
    fn a_reply_fits_one_message_and_names_who_writes() {
        for (_, keyword) in WORDS {
            let reply = keyword.reply(Some("Harbor Dental"));
            assert!(
                reply.starts_with("Harbor Dental: ") && reply.len() <= 160,
                "{reply}"
            );
            assert!(reply.is_ascii());
            assert!(keyword.reply(None).starts_with("This number: "));
        }
    }

    proptest! {
        #[test]
        fn blanks_and_punctuation_change_nothing(
            place in 0..WORDS.len(), before in "[ .,!?*\"'()\\n-]{0,6}", after in "[ .,!?*\"'()\\n-]{0,6}",
        ) {
            let (word, keyword) = WORDS[place];
            let message = format!("{before}{}{after}", word.to_lowercase());
            prop_assert_eq!(Keyword::of(&message), Some(keyword));
        }
    }
}
