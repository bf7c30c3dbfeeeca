//! Whom we trust at the other end.

use std::{io, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, Error, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_rustls::TlsConnector;

/// A connector and the name that the server's certificate must hold. Trusted are the given roots alone, or those
/// of the system.
///
/// # Errors
/// In words, where the name or a root cannot be used.
pub(crate) fn connector(
    host: &str,
    root: Option<&str>,
) -> Result<(TlsConnector, ServerName<'static>), String> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_invalid| format!("`{}` is no host name that TLS can check", host.escape_debug()))?;
    let provider: Arc<CryptoProvider> = rustls::crypto::aws_lc_rs::default_provider().into();
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let builder = match root {
        Some(pem) => builder.with_root_certificates(roots(pem)?),
        None => builder
            .with_platform_verifier()
            .map_err(|error| format!("the system's root certificates cannot be used: {error}"))?,
    };
    Ok((TlsConnector::from(Arc::new(builder.with_no_client_auth())), name))
}

/// Why encryption did not come about, with what that most often means where TLS only names its own parts.
pub(crate) fn in_words(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    let meaning = match inner {
        Some(Error::InvalidMessage(_)) => "what answers there does not encrypt from the first byte on",
        Some(Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature | CertificateError::Other(_),
        )) => "its certificate is from no authority that is trusted here",
        _ => return error,
    };
    io::Error::new(error.kind(), format!("{meaning} ({error})"))
}

fn roots(pem: &str) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| format!("the root certificate is not PEM: {error}"))?;
        store
            .add(certificate)
            .map_err(|error| format!("the root certificate cannot be trusted: {error}"))?;
    }
    match store.is_empty() {
        true => Err("the root certificate holds no BEGIN CERTIFICATE".to_owned()),
        false => Ok(store),
    }
}
