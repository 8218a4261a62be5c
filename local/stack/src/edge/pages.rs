//! What the origin shows besides the API: the built web app, or a page of addresses while there is none.

use axum::Router;
use axum::routing::get;
use tower_http::services::{ServeDir, ServeFile};

use super::Settings;

/// The part of the origin that people open in a browser.
#[derive(Debug)]
pub(super) struct Pages {
    web: std::path::PathBuf,
    addresses: String,
}

impl Pages {
    pub(super) fn new(origin: &str, settings: &Settings) -> Self {
        let Settings { aws, simulator, .. } = settings;
        let addresses = format!(
            "Numberline on this machine\n\n\
             API          {origin}/api\n\
             Webhooks     {origin}/webhooks\n\
             Carrier      {simulator}/__sim/ledger\n\
             AWS          http://{aws}\n\n\
             The web app is not built.\n"
        );
        Self {
            web: settings.web.clone(),
            addresses,
        }
    }

    /// The web app takes unknown paths itself: its addresses are made in the browser.
    pub(super) fn into_service(self) -> Router {
        let index = self.web.join("index.html");
        if index.is_file() {
            let app = ServeDir::new(&self.web).fallback(ServeFile::new(index));
            return Router::new().fallback_service(app);
        }
        Router::new().fallback(get(move || async move { self.addresses }))
    }
}
