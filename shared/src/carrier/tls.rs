//! TLS as every connection of a function has it, to carriers and to AWS alike.
//!
//! Trusted are Mozilla's roots, compiled in: the same set that the runtime has in a file,
//! without reading and parsing some 140 certificates in every cold start. A machine that
//! trusts others, such as one behind a proxy that looks into TLS, names their bundle in
//! `SSL_CERT_FILE`.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

/// Read when the first client is built.
static ROOTS: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| Arc::new(roots(named_bundle())));

/// What a client is configured with.
pub(crate) fn client_config() -> Result<ClientConfig, rustls::Error> {
    trusting(Arc::clone(&ROOTS))
}

fn trusting(roots: Arc<RootCertStore>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The bundle that the machine names, as OpenSSL and AWS's own tools know it.
fn named_bundle() -> Option<PathBuf> {
    std::env::var_os("SSL_CERT_FILE").map(PathBuf::from)
}

fn roots(bundle: Option<PathBuf>) -> RootCertStore {
    match bundle {
        Some(bundle) => roots_in(&bundle),
        None => RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        },
    }
}

/// Whom the file `bundle` names, and nobody else.
fn roots_in(bundle: &Path) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let read = CertificateDer::pem_file_iter(bundle);
    let certificates = read.into_iter().flatten().flatten();
    let (trusted, _unreadable) = roots.add_parsable_certificates(certificates);
    if trusted == 0 {
        tracing::error!(bundle = %bundle.display(), "nobody is trusted: no certificates");
    }
    roots
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::{Read, Write},
        net::TcpListener,
        sync::Arc,
        thread,
    };

    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};

    use super::{client_config, roots, trusting};

    /// Serves one connection for `localhost` with that certificate; the port.
    fn serve(CertifiedKey { cert, signing_key }: &CertifiedKey<rcgen::KeyPair>) -> u16 {
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let connection = ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            let mut heard = [0; 1024];
            // A client that does not trust the certificate hangs up here.
            if stream.read(&mut heard).is_ok_and(|length| length > 0) {
                let said = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                stream.write_all(said).unwrap();
                stream.flush().unwrap();
            }
        });
        port
    }

    async fn get(tls: rustls::ClientConfig, port: u16) -> reqwest::Result<String> {
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls);
        let url = format!("https://localhost:{port}/");
        client.build()?.get(url).send().await?.text().await
    }

    #[tokio::test]
    async fn who_is_in_the_bundle_is_trusted_and_nobody_else() {
        let served = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let bundle = std::env::temp_dir().join(format!("roots-{}.pem", std::process::id()));
        fs::write(&bundle, served.cert.pem()).unwrap();
        let roots = Arc::new(roots(Some(bundle.clone())));
        fs::remove_file(bundle).unwrap();
        assert_eq!(roots.len(), 1);
        let trusted = get(trusting(roots).unwrap(), serve(&served)).await;
        assert_eq!(trusted.unwrap(), "ok");
        let distrusted = get(client_config().unwrap(), serve(&served)).await;
        let error = format!("{:?}", distrusted.unwrap_err());
        assert!(error.contains("UnknownIssuer"), "{error}");
    }

    #[test]
    fn without_a_bundle_mozillas_roots_are_trusted() {
        let trusted = roots(None);
        assert!(trusted.len() > 100, "{}", trusted.len());
        let subjects: Vec<Vec<u8>> = trusted
            .subjects()
            .iter()
            .map(|name| name.as_ref().to_vec())
            .collect();
        // Whom AWS's endpoints come from.
        let amazon = b"Amazon Root CA 1";
        assert!(
            subjects
                .iter()
                .any(|name| name.windows(amazon.len()).any(|part| part == amazon))
        );
    }

    #[test]
    fn a_bundle_that_is_not_there_trusts_nobody() {
        assert!(roots(Some("/nowhere/at/all.pem".into())).is_empty());
    }
}
