//! TLS as every connection of a function has it, to carriers and to AWS alike.
//!
//! Trusted is whom the machine trusts, so that updates of the runtime reach us. The
//! roots are read once for all clients and from one file: a client that reads them by
//! itself also looks through folders that hold them once more.

use std::sync::{Arc, LazyLock};

use rustls::{ClientConfig, RootCertStore};

/// Read when the first client is built.
static ROOTS: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| Arc::new(roots()));

/// What a client is configured with.
pub(crate) fn client_config() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder
        .with_root_certificates(Arc::clone(&ROOTS))
        .with_no_client_auth())
}

fn roots() -> RootCertStore {
    let found = match openssl_probe::probe().cert_file {
        Some(bundle) => rustls_native_certs::load_certs_from_paths(Some(&bundle), None),
        None => rustls_native_certs::load_native_certs(),
    };
    let mut roots = RootCertStore::empty();
    let (trusted, _unreadable) = roots.add_parsable_certificates(found.certs);
    if trusted == 0 {
        tracing::error!(errors = ?found.errors, "this machine has no root certificates");
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::{client_config, roots};

    #[test]
    fn somebody_is_trusted_and_a_client_can_be_configured() {
        assert!(!roots().is_empty());
        assert!(client_config().is_ok());
    }
}
