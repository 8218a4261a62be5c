//! The emulated AWS: its endpoint and credentials, and MiniStack, which answers there.

use std::env;
use std::fs;
use std::process::Command;

use anyhow::Result;
use numberline_stack::{Aws, Secret};

use super::health;
use super::place::Place;
use super::ports::Ports;
use super::process::{self, Started};
use crate::tool::environment::Environment;

const REGION: &str = "us-east-1";

/// How to reach the emulated AWS as the root of its account.
pub(crate) fn account(ports: Ports) -> Aws {
    Aws {
        endpoint: ports.aws(),
        region: REGION.to_owned(),
        access_key_id: "test".to_owned(),
        secret_access_key: Secret::new("test"),
    }
}

/// Points a program of the AWS family at the emulated account, whatever the person's own configuration says.
pub(crate) fn point_at(command: &mut Command, aws: &Aws, place: &Place) {
    let nowhere = place.temporary().join("no-aws-configuration");
    command
        .env("AWS_ENDPOINT_URL", &aws.endpoint)
        .env("AWS_REGION", &aws.region)
        .env("AWS_DEFAULT_REGION", &aws.region)
        .env("AWS_ACCESS_KEY_ID", &aws.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", aws.secret_access_key.expose())
        .env("AWS_CONFIG_FILE", &nowhere)
        .env("AWS_SHARED_CREDENTIALS_FILE", &nowhere)
        .env("NO_PROXY", "127.0.0.1,localhost")
        .env("no_proxy", "127.0.0.1,localhost")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN");
}

/// Starts MiniStack and waits until it answers.
///
/// Functions inherit its environment, so it gets nothing but what is written here: a variable that the template
/// forgets must be missing here too.
pub(crate) fn start(environment: &Environment, place: &Place, ports: Ports) -> Result<Started> {
    fs::create_dir_all(place.temporary())?;
    fs::create_dir_all(place.state())?;
    let aws = account(ports);
    let mut command = Command::new(environment.program("python"));
    command
        .arg(place.script("serve_ministack.py"))
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", place.temporary())
        .env("TMPDIR", place.temporary())
        .env("GATEWAY_PORT", ports.aws.to_string())
        // On the loopback interface only: root's credentials are no secret.
        .env("BIND_HOST", "127.0.0.1")
        // A name and not an address: lambda_http reads the domain of an API as a URL.
        .env("MINISTACK_HOST", "localhost")
        // Functions may do what their policies allow and nothing else.
        .env("AUTH", "true")
        .env("PERSIST_STATE", "1")
        .env("STATE_DIR", place.state())
        .env("IOT_MTLS_ENABLED", "0")
        .env("AWS_ENDPOINT_URL", &aws.endpoint)
        // What Lambda sets for `LoggingConfig: JSON`, and MiniStack does not.
        .env("AWS_LAMBDA_LOG_FORMAT", "JSON");
    let mut started = process::start("ministack", &mut command, place)?;
    match health::wait(&mut started, ports.aws, "/_ministack/health", &place.logs()) {
        Ok(()) => Ok(started),
        Err(error) => {
            process::stop(&started.process);
            Err(error)
        }
    }
}
