//! Everything the simulator knows, behind one lock.

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;

use crate::{
    AvailableNumber, Carrier, Clock, Fault, Inventory, Ledger, Mode, NobodysNumber, Operation,
    Registration, Restock, Rewiring, Rules, Settings, StockError, faults::Faults, ledger::Note,
    outbox::Outbox, random::Random, signalwire, stock::Stock,
};

/// The carriers' world. No I/O and no waiting in here: a lock is held.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// Decides which calls fail, apart from what makes identifiers.
    lots: Random,
    pub(crate) ledger: Ledger,
    pub(crate) stock: Stock,
    pub(crate) outbox: Outbox,
    pub(crate) signalwire: signalwire::State,
    faults: Faults,
    bucket: RateBucket,
    /// Requests that came too fast.
    pub(crate) limited: u64,
}

/// A request as its carrier reads it, and every way to answer it.
pub(crate) trait Call {
    /// What is asked; none when the carrier has no such endpoint.
    fn operation(&self) -> Option<Operation>;
    /// The E.164 the request is about, where it is about one.
    fn number(&self, world: &World) -> Option<String>;
    /// Serves the request.
    fn answer(&self, world: &mut World) -> Response<Bytes>;
    /// Refuses just this operation, definitely.
    fn refused(&self, rules: &Rules) -> Response<Bytes>;
    /// Refuses the credentials.
    fn unauthorized(&self) -> Response<Bytes>;
    /// Asks to come back later.
    fn rate_limited(&self) -> Response<Bytes>;
    /// Fails for no reason of the caller's.
    fn server_error(&self) -> Response<Bytes>;
    /// The same, in the words of a refusal.
    fn refused_within(&self) -> Response<Bytes>;
}

/// What becomes of a request.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The answer; none when the connection drops.
    pub(crate) response: Option<Response<Bytes>>,
    /// How long the answer is held back.
    pub(crate) wait_ms: u64,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut random = Random::new(settings.seed);
        let mut stock = Stock::default();
        for (area_code, count) in &settings.stock {
            for carrier in Carrier::ALL {
                // An area code that does not exist has nothing for sale.
                drop(stock.restock(&Restock::area(carrier, area_code, *count), |_| false));
            }
        }
        let own = settings.owned.iter();
        let owned = own.map(|number| stock.set_aside(Carrier::SignalWire, number));
        let owned: Vec<AvailableNumber> = owned.collect();
        Self {
            clock: settings.clock,
            signalwire: signalwire::State::new(&settings, owned, &mut random),
            random,
            lots: Random::new(settings.seed),
            stock,
            settings,
            ledger: Ledger::default(),
            outbox: Outbox::default(),
            faults: Faults::default(),
            bucket: RateBucket::default(),
            limited: 0,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn enter(&mut self, note: Note) {
        self.ledger.enter(self.clock.now(), note);
    }

    /// Serves one request to a carrier.
    pub(crate) fn serve(&mut self, carrier: Carrier, request: &Request<Bytes>) -> Verdict {
        match carrier {
            Carrier::SignalWire => self.judge(carrier, &signalwire::Call::read(request)),
        }
    }

    /// Decides what becomes of a call: faults first, then the rate, then the
    /// carrier itself.
    fn judge(&mut self, carrier: Carrier, call: &impl Call) -> Verdict {
        let operation = call.operation();
        if let Some(operation) = operation {
            self.ledger.count(operation);
        }
        let number = call.number(self);
        let mode = self
            .faults
            .strike(&mut self.lots, carrier, operation, number.as_deref());
        let limit = self.settings.rules.rate_limit;
        let limited = self.bucket.is_full(self.clock.now(), limit);
        let mut wait_ms = 0;
        let response = match mode {
            Some(Mode::LostRequest) => None,
            Some(Mode::Refuse) => Some(call.refused(&self.settings.rules)),
            Some(Mode::Error500) => Some(call.server_error()),
            Some(Mode::Auth) => Some(call.unauthorized()),
            Some(Mode::RateLimit) => Some(call.rate_limited()),
            Some(Mode::LostResponse) => {
                drop(call.answer(self));
                None
            }
            Some(Mode::Garbled) => Some(call.answer(self).map(|body| halved(&body))),
            Some(Mode::Error422) => {
                drop(call.answer(self));
                Some(call.refused_within())
            }
            None if limited => {
                self.limited += 1;
                Some(call.rate_limited())
            }
            None => Some(call.answer(self)),
            Some(Mode::SlowMs(milliseconds)) => {
                wait_ms = milliseconds;
                Some(call.answer(self))
            }
        };
        Verdict { response, wait_ms }
    }

    pub(crate) fn arrange(&mut self, fault: Fault) {
        self.faults.arrange(fault);
    }

    pub(crate) fn faults(&self) -> &[Fault] {
        self.faults.pending()
    }

    pub(crate) fn clear_faults(&mut self) {
        self.faults.clear();
    }

    pub(crate) fn restock(&mut self, change: &Restock) -> Result<(), StockError> {
        let signalwire = &self.signalwire;
        self.stock
            .restock(change, |number| signalwire.owned(number).is_some())
    }

    pub(crate) fn rewire(&mut self, change: &Rewiring) -> Result<(), NobodysNumber> {
        match change.carrier {
            Carrier::SignalWire => signalwire::rewire(self, change),
        }
    }

    pub(crate) fn registers(&self, phone: &Registration) -> bool {
        match phone.carrier {
            Carrier::SignalWire => signalwire::registers(&self.signalwire, phone),
        }
    }

    pub(crate) fn inventory(&self) -> Inventory {
        let (numbers, accounts) = self.signalwire.holdings(&self.settings.rules);
        let stock = Carrier::ALL
            .into_iter()
            .map(|carrier| (carrier, self.stock.counts(carrier)))
            .collect();
        Inventory {
            numbers,
            accounts,
            stock,
        }
    }
}

/// A body that ends in its middle.
fn halved(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

/// A bucket with room for the requests of one second, which empties evenly.
#[derive(Debug, Default)]
struct RateBucket {
    /// When it is empty again, in microseconds.
    empty_at: i64,
}

impl RateBucket {
    /// Whether a request finds no room in it.
    fn is_full(&mut self, now: Timestamp, limit: Option<u32>) -> bool {
        let Some(limit) = limit else { return false };
        let now = now.as_microsecond();
        let share = MICROS_OF_A_SECOND / i64::from(limit.max(1));
        let filled = self.empty_at.max(now).saturating_add(share);
        let is_full = limit == 0 || filled > now.saturating_add(MICROS_OF_A_SECOND);
        if !is_full {
            self.empty_at = filled;
        }
        is_full
    }
}

const MICROS_OF_A_SECOND: i64 = 1_000_000;
