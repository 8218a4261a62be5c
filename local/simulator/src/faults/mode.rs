//! The ways to fail, and how they are written.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A definite refusal in the carrier's words; no effect.
    Refuse,
    /// 500; no effect.
    Error500,
    /// 429 with `Retry-After`; no effect.
    RateLimit,
    /// The connection drops before anything happens.
    LostRequest,
    /// It happens, then the connection drops.
    LostResponse,
    /// It happens, and the answer comes this many milliseconds later.
    SlowMs(u64),
    /// It happens, and the answer is a success that is cut off in the middle.
    Garbled,
    /// It happens, and the answer is 422 with the code of an internal error.
    Error422,
    /// 401, whatever the credentials.
    Auth,
}

/// A text that names no way of failing.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no mode: refuse, error-500, rate-limit, lost-request, lost-response, garbled, \
     error-422, slow-ms:N, auth"
)]
pub struct UnknownMode(String);

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        let unknown = || UnknownMode(text.to_owned());
        match text {
            "refuse" => Ok(Self::Refuse),
            "error-500" => Ok(Self::Error500),
            "rate-limit" => Ok(Self::RateLimit),
            "lost-request" => Ok(Self::LostRequest),
            "lost-response" => Ok(Self::LostResponse),
            "garbled" => Ok(Self::Garbled),
            "error-422" => Ok(Self::Error422),
            "auth" => Ok(Self::Auth),
            _ => text
                .strip_prefix("slow-ms:")
                .and_then(|milliseconds| milliseconds.parse().ok())
                .map(Self::SlowMs)
                .ok_or_else(unknown),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse => f.write_str("refuse"),
            Self::Error500 => f.write_str("error-500"),
            Self::RateLimit => f.write_str("rate-limit"),
            Self::LostRequest => f.write_str("lost-request"),
            Self::LostResponse => f.write_str("lost-response"),
            Self::SlowMs(milliseconds) => write!(f, "slow-ms:{milliseconds}"),
            Self::Garbled => f.write_str("garbled"),
            Self::Error422 => f.write_str("error-422"),
            Self::Auth => f.write_str("auth"),
        }
    }
}

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}
