//! One request, from its path to its answer.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};

use super::{
    accounts, auth,
    errors::{self, Outcome},
    messages, numbers_laml, numbers_native,
    params::{Fields, Params},
    projects_native, purchase,
    refusal::Refusal,
    route::{Action, Dialect, Route, Sip},
    search, search_laml, sending, sip, tokens,
};
use crate::{
    Carrier, Operation, PurchaseRefusal, Rules,
    world::{self, World},
};

/// A request to this carrier.
#[derive(Debug)]
pub(crate) struct Call<'r> {
    request: &'r Request<Bytes>,
    dialect: Dialect,
    route: Option<Route<'r>>,
    operation: Option<Operation>,
}

/// What an endpoint works with: the account it acts in, and the request.
#[derive(Debug)]
pub(super) struct Desk<'w, 'r> {
    pub(super) world: &'w mut World,
    pub(super) account: String,
    pub(super) dialect: Dialect,
    pub(super) request: &'r Request<Bytes>,
}

impl Desk<'_, '_> {
    pub(super) fn query(&self) -> Params {
        Params::of_query(self.request)
    }

    pub(super) fn form(&self) -> Params {
        Params::of_form(self.request)
    }

    pub(super) fn fields(&self) -> Result<Fields, Refusal> {
        Fields::of(self.request)
    }

    pub(super) fn path(&self) -> &str {
        self.request.uri().path()
    }

    /// The path as an address, where it is known by which name we were called.
    pub(super) fn address(&self) -> String {
        let path = self.path();
        let host = self.request.headers().get(header::HOST);
        match host.and_then(|host| host.to_str().ok()) {
            Some(host) => format!("http://{host}/{}{path}", Carrier::SignalWire.name()),
            None => path.to_owned(),
        }
    }
}

impl<'r> Call<'r> {
    pub(crate) fn read(request: &'r Request<Bytes>) -> Self {
        let path = request.uri().path();
        let route = Route::find(request.method(), path);
        let transfer = || Params::of_form(request).filled("AccountSid").is_some();
        Self {
            request,
            dialect: Dialect::of(path),
            operation: route.map(|route| route.operation(transfer())),
            route,
        }
    }

    fn outcome(&self, world: &mut World) -> Outcome {
        let (route, operation) = self
            .route
            .zip(self.operation)
            .ok_or_else(Refusal::not_found)?;
        let rules = &world.settings.rules;
        let account = auth::admit(&world.signalwire, rules, self.request, &route, operation)?;
        let mut desk = Desk {
            world,
            account,
            dialect: route.dialect,
            request: self.request,
        };
        match route.dialect {
            Dialect::Laml => laml(&mut desk, route.action),
            Dialect::Relay | Dialect::Api => native(&mut desk, route.action),
        }
    }
}

impl world::Call for Call<'_> {
    fn operation(&self) -> Option<Operation> {
        self.operation
    }

    fn number(&self, world: &World) -> Option<String> {
        let form = || Params::of_form(self.request);
        let field = |name: &str| {
            let fields = Fields::of(self.request).ok()?;
            fields.text(name).ok()?.map(str::to_owned)
        };
        let route = self.route?;
        match route.action {
            Action::Buy if route.dialect == Dialect::Laml => {
                form().get("PhoneNumber").map(str::to_owned)
            }
            Action::Buy => field("number"),
            Action::SendMessage if route.dialect == Dialect::Laml => {
                form().get("From").map(str::to_owned)
            }
            Action::SendMessage => field("from"),
            Action::Sip(Sip::Create | Sip::Update(_)) => field("send_as"),
            Action::GetNumber(id) | Action::UpdateNumber(id) | Action::ReleaseNumber(id) => {
                let number = world.signalwire.numbers.get(id)?;
                Some(number.e164().to_owned())
            }
            Action::ListNumbers => {
                let name = match route.dialect {
                    Dialect::Laml => "PhoneNumber",
                    Dialect::Relay | Dialect::Api => "filter_number",
                };
                let query = Params::of_query(self.request);
                query.get(name).map(str::to_owned)
            }
            Action::Search
            | Action::SearchLaml { .. }
            | Action::CreateProject
            | Action::ListProjects
            | Action::GetProject(_)
            | Action::UpdateProject(_)
            | Action::DeleteProject(_)
            | Action::RotateKey(_)
            | Action::CreateToken
            | Action::UpdateToken(_)
            | Action::DeleteToken(_)
            | Action::ListMessages
            | Action::GetMessage(_)
            | Action::Sip(Sip::Profile | Sip::List | Sip::Get(_) | Sip::Delete(_)) => None,
        }
    }

    fn answer(&self, world: &mut World) -> Response<Bytes> {
        errors::worded(self.outcome(world), self.dialect)
    }

    fn refused(&self, rules: &Rules) -> Response<Bytes> {
        let refusal = match self.operation {
            Some(Operation::Purchase) => purchase::could_not(rules),
            Some(Operation::Release) => Refusal::purchased_too_recently(),
            Some(Operation::SendMessage) => Refusal::invalid(
                "message_blocked_by_number",
                21610,
                "The message was blocked by the recipient",
            ),
            _ => Refusal::invalid("invalid_parameter", 10000, "The argument passed is invalid"),
        };
        errors::refused(&refusal, self.dialect)
    }

    fn unauthorized(&self) -> Response<Bytes> {
        errors::refused(&Refusal::unauthorized(), self.dialect)
    }

    fn rate_limited(&self) -> Response<Bytes> {
        errors::refused(&Refusal::rate_limited(), self.dialect)
    }

    fn server_error(&self) -> Response<Bytes> {
        errors::refused(&Refusal::server_error(), self.dialect)
    }

    fn refused_within(&self) -> Response<Bytes> {
        let refusal = Refusal::server_error().status(StatusCode::UNPROCESSABLE_ENTITY);
        errors::refused(&refusal, self.dialect)
    }
}

fn native(desk: &mut Desk<'_, '_>, action: Action<'_>) -> Outcome {
    match action {
        Action::Search => search::search(desk),
        Action::Buy => numbers_native::buy(desk),
        Action::ListNumbers => numbers_native::list(desk),
        Action::GetNumber(id) => numbers_native::get(desk, id),
        Action::UpdateNumber(id) => numbers_native::update(desk, id),
        Action::ReleaseNumber(id) => numbers_native::release(desk, id),
        Action::CreateProject => projects_native::create(desk),
        Action::ListProjects => projects_native::list(desk),
        Action::GetProject(id) => projects_native::get(desk, id),
        Action::UpdateProject(id) => projects_native::update(desk, id),
        Action::DeleteProject(id) => projects_native::delete(desk, id),
        Action::RotateKey(id) => projects_native::rotate_key(desk, id),
        Action::CreateToken => tokens::create(desk),
        Action::UpdateToken(id) => tokens::update(desk, id),
        Action::DeleteToken(id) => tokens::delete(desk, id),
        Action::SendMessage => sending::native(desk),
        Action::Sip(action) => sip::answer(desk, action),
        Action::SearchLaml { .. } | Action::ListMessages | Action::GetMessage(_) => {
            Err(Refusal::not_found())
        }
    }
}

fn laml(desk: &mut Desk<'_, '_>, action: Action<'_>) -> Outcome {
    match action {
        Action::SearchLaml { country, toll_free } => search_laml::search(desk, country, toll_free),
        Action::Buy => numbers_laml::buy(desk),
        Action::ListNumbers => numbers_laml::list(desk),
        Action::GetNumber(id) => numbers_laml::get(desk, id),
        Action::UpdateNumber(id) => numbers_laml::update(desk, id),
        Action::ReleaseNumber(id) => numbers_laml::release(desk, id),
        Action::CreateProject => accounts::create(desk),
        Action::ListProjects => accounts::list(desk),
        Action::GetProject(id) => accounts::get(desk, id),
        Action::UpdateProject(id) => accounts::update(desk, id),
        Action::CreateToken => tokens::create_laml(desk),
        Action::UpdateToken(id) => tokens::update(desk, id),
        Action::DeleteToken(id) => tokens::delete(desk, id),
        Action::SendMessage => sending::laml(desk),
        Action::ListMessages => messages::list(desk),
        Action::GetMessage(id) => messages::get(desk, id),
        Action::Search | Action::DeleteProject(_) | Action::RotateKey(_) | Action::Sip(_) => {
            Err(Refusal::not_found())
        }
    }
}

impl Rules {
    pub(super) const fn is_vague(&self) -> bool {
        matches!(self.purchase_refusal, PurchaseRefusal::Vague)
    }
}
