//! What people look for when they look for a number. The same for every carrier:
//! what one cannot filter by itself is filtered by these rules.

use super::{
    area_code::AreaCode,
    e164::E164,
    geography::{Locality, RegionCode},
    number::Capabilities,
    vanity::{Pattern, Position},
};

/// Where to look: what one question to a carrier can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In an area code.
    AreaCode(AreaCode),
    /// In a state or province.
    Region {
        /// Which.
        region: RegionCode,
        /// In this town of it only.
        locality: Option<Locality>,
    },
}

/// What a number must be like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// What it must be able to carry; what is false here does not matter.
    pub features: Capabilities,
    /// What its digits must have.
    pub pattern: Option<Pattern>,
}

/// One kind of filter, by the name of the parameter that asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// What numbers can carry.
    Features,
    /// Digits anywhere.
    Contains,
    /// Digits at the end.
    EndsWith,
}

/// Why a list of features cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("features are voice, sms and mms, separated by commas, each at most once")]
pub struct InvalidFeatures;

impl Place {
    /// Whether a number is there, as far as its carrier says where it is.
    #[must_use]
    pub fn holds(&self, e164: &E164, region: Option<&str>, locality: Option<&str>) -> bool {
        match self {
            Self::AreaCode(code) => e164.area_code() == *code,
            Self::Region {
                region: wanted,
                locality: town,
            } => {
                region.is_none_or(|region| wanted.is(region))
                    && town
                        .as_ref()
                        .is_none_or(|town| locality.is_none_or(|locality| town.is(locality)))
            }
        }
    }
}

impl Filters {
    /// Whether a number is like that.
    #[must_use]
    pub fn fit(&self, e164: &E164, capabilities: Capabilities) -> bool {
        let Capabilities { voice, sms, mms } = self.features;
        (!voice || capabilities.voice)
            && (!sms || capabilities.sms)
            && (!mms || capabilities.mms)
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.fits(e164))
    }

    /// Whether a feature is asked for.
    #[must_use]
    pub fn ask_for_features(&self) -> bool {
        self.features != Capabilities::default()
    }
}

impl Filter {
    /// The filter that `pattern` is.
    #[must_use]
    pub const fn of_pattern(pattern: &Pattern) -> Self {
        match pattern.position() {
            Position::Anywhere => Self::Contains,
            Position::End => Self::EndsWith,
        }
    }
}

/// The features in a list such as `sms,mms`.
pub fn features(text: &str) -> Result<Capabilities, InvalidFeatures> {
    let mut wanted = Capabilities::default();
    for name in text.split(',') {
        let feature = match name.trim() {
            "voice" => &mut wanted.voice,
            "sms" => &mut wanted.sms,
            "mms" => &mut wanted.mms,
            _ => return Err(InvalidFeatures),
        };
        if std::mem::replace(feature, true) {
            return Err(InvalidFeatures);
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::{Capabilities, Filters, Pattern, Place, Position, features};

    const VOICE_ONLY: Capabilities = Capabilities {
        voice: true,
        sms: false,
        mms: false,
    };

    #[test]
    fn features_are_read_from_a_list() {
        assert_eq!(features("voice"), Ok(VOICE_ONLY));
        let all = features("mms, voice,sms").unwrap();
        assert!(all.voice && all.sms && all.mms);
        for text in ["", ",", "fax", "sms,sms", "SMS", "sms,"] {
            assert!(features(text).is_err(), "{text}");
        }
    }

    #[track_caller]
    fn check(filters: &Filters, capabilities: Capabilities, expected: bool) {
        let e164 = "+15125552263".parse().unwrap();
        assert_eq!(filters.fit(&e164, capabilities), expected, "{filters:?}");
    }

    #[test]
    fn a_number_must_have_all_that_is_asked_for() {
        let all = features("voice,sms,mms").unwrap();
        let text = Filters {
            features: features("sms").unwrap(),
            pattern: None,
        };
        let acme = |word| Filters {
            features: Capabilities::default(),
            pattern: Some(Pattern::new(word, Position::End).unwrap()),
        };
        check(&Filters::default(), Capabilities::default(), true);
        check(&text, all, true);
        check(&text, VOICE_ONLY, false);
        check(&acme("acme"), VOICE_ONLY, true);
        check(&acme("acmf"), all, true);
        check(&acme("acmx"), all, false);
        let both = Filters {
            features: text.features,
            ..acme("acme")
        };
        check(&both, all, true);
        check(&both, VOICE_ONLY, false);
    }

    #[test]
    fn a_number_is_in_its_place() {
        let e164 = "+15125552263".parse().unwrap();
        let town = |region: &str, town: Option<&str>| Place::Region {
            region: region.parse().unwrap(),
            locality: town.map(|town| town.parse().unwrap()),
        };
        let holds = |place: &Place| place.holds(&e164, Some("TX"), Some("AUSTIN"));
        assert!(holds(&Place::AreaCode("512".parse().unwrap())));
        assert!(!holds(&Place::AreaCode("737".parse().unwrap())));
        assert!(holds(&town("tx", None)) && holds(&town("TX", Some("Austin"))));
        assert!(!holds(&town("NY", None)) && !holds(&town("TX", Some("Waco"))));
        assert!(town("TX", Some("Austin")).holds(&e164, Some("TX"), None));
    }
}
