//! One request, from its arrival to its answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::backend::{Backends, Reply};
use super::functions::Functions;
use super::wire::Body;
use crate::control::Control;
use crate::plane::{
    Answer, Arrival, Call, Exchange, Failure, Gate, Next, Question, Request, Said, Stage, Unreachable, Value, Why,
};

/// Where callers are known. It is locked for as long as it takes to let one in.
pub(crate) trait Gates {
    fn with<T>(&self, task: impl FnOnce(&mut Gate) -> T) -> T;

    /// Whether the policy of a function lets it be asked. Nobody has to permit anything where there are no policies.
    fn permits(&self, _: &Question) -> bool {
        true
    }
}

impl Gates for Mutex<Gate> {
    fn with<T>(&self, task: impl FnOnce(&mut Gate) -> T) -> T {
        task(&mut self.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Gates for Mutex<Control> {
    fn with<T>(&self, task: impl FnOnce(&mut Gate) -> T) -> T {
        task(&mut self.lock().unwrap_or_else(PoisonError::into_inner).gate)
    }

    fn permits(&self, question: &Question) -> bool {
        let control = self.lock().unwrap_or_else(PoisonError::into_inner);
        control.permits(&question.function, &question.caller)
    }
}

/// A request and its answer, on both sides of the gateway.
#[derive(Debug, Clone)]
pub struct Record {
    /// What the client sent.
    pub request: Request,
    /// What the function that knows callers was asked.
    pub asked: Option<Question>,
    /// What the service was sent.
    pub call: Option<Call>,
    /// What a function was sent that answers for the service.
    pub invoked: Option<Question>,
    /// What the service said. A body that was passed on as it came is not in it.
    pub said: Option<Answer>,
    /// What the client got.
    pub answer: Answer,
    /// Why the gateway answered by itself, if it did.
    pub why: Option<Why>,
    /// The same as data.
    pub failure: Option<Failure>,
    /// `$context` when the request was answered.
    pub context: Value,
    /// The headers that the authorizers of the stage are asked with: they may be secrets.
    pub identity_headers: Vec<String>,
    /// What happened, in the words of the execution log.
    pub log: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

impl Record {
    /// Of a request that has come.
    fn of(stage: &Stage, request: &Request) -> Self {
        Self {
            request: request.clone(),
            asked: None,
            call: None,
            invoked: None,
            said: None,
            answer: Answer::default(),
            why: None,
            failure: None,
            context: Value::default(),
            identity_headers: stage.identity_headers().map(str::to_owned).collect(),
            log: Vec::new(),
            took: Duration::ZERO,
        }
    }
}

/// Who is shown every request.
#[derive(Clone, Default)]
pub(crate) struct Watch(Option<Arc<dyn Fn(Record) + Send + Sync>>);

impl Watch {
    pub(crate) fn by(watch: impl Fn(Record) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(watch)))
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn show(&self, record: Option<Box<Record>>) {
        if let (Some(watch), Some(record)) = (&self.0, record) {
            watch(*record);
        }
    }
}

/// Whom a request can reach.
pub(crate) struct Turn<'a, G> {
    pub(crate) gates: &'a G,
    pub(crate) backends: &'a Backends,
    pub(crate) functions: &'a Functions,
    /// Whether a record is made.
    pub(crate) is_recorded: bool,
    /// Whether somebody wants the execution log.
    pub(crate) is_logged: bool,
}

/// A request that is answered.
pub(crate) struct Done<'s> {
    pub(crate) exchange: Box<Exchange<'s>>,
    pub(crate) answer: Answer,
    pub(crate) rest: Option<Body>,
    pub(crate) took: Duration,
    pub(crate) record: Option<Box<Record>>,
}

impl<G: Gates> Turn<'_, G> {
    /// A request to a stage, until it is answered.
    pub(crate) async fn run<'s>(&self, stage: &'s Stage, request: Request, arrival: Arrival) -> Done<'s> {
        self.run_hearing(stage, request, arrival, &BTreeMap::new(), |_| ())
            .await
    }

    /// The same, for somebody who knows more of the request, and wants to know what the function said that knows callers.
    pub(crate) async fn run_hearing<'s>(
        &self,
        stage: &'s Stage,
        request: Request,
        arrival: Arrival,
        context: &BTreeMap<String, String>,
        hear: impl FnOnce(&Said),
    ) -> Done<'s> {
        let began = Instant::now();
        let mut record = self.is_recorded.then(|| Box::new(Record::of(stage, &request)));
        // Both are large, and change hands often.
        let mut exchange = Box::new(Exchange::new(stage, request, arrival).knowing(context));
        if !self.is_logged {
            exchange.keep_no_log();
        }
        let mut next = self.gates.with(|gate| exchange.start(gate));
        if let Next::Ask(question) = next {
            let said = self.ask(&question).await;
            if let Ok(said) = &said {
                hear(said);
            }
            if let Some(record) = &mut record {
                record.asked = Some(question);
            }
            let took = began.elapsed();
            next = self.gates.with(|gate| exchange.authorize(gate, said, took));
        }
        self.end(exchange, next, record, began).await
    }

    /// A method that is tried: nobody is asked who calls, and nobody is shown it.
    pub(crate) async fn try_out<'s>(&self, exchange: Exchange<'s>) -> Done<'s> {
        let began = Instant::now();
        let mut exchange = Box::new(exchange);
        let next = exchange.start_trial();
        self.end(exchange, next, None, began).await
    }

    async fn ask(&self, question: &Question) -> Result<Said, Unreachable> {
        match self.gates.permits(question) {
            true => self.functions.ask(self.backends, question).await,
            false => Err(Unreachable::NotPermitted),
        }
    }

    /// Calls whatever stands behind the method, if that is what is next.
    async fn end<'s>(
        &self,
        mut exchange: Box<Exchange<'s>>,
        next: Next,
        mut record: Option<Box<Record>>,
        began: Instant,
    ) -> Done<'s> {
        let called = Instant::now();
        let mut rest = None;
        let answer = match next {
            Next::Answer(answer) => answer,
            Next::Invoke(question) => {
                let said = self.ask(&question).await;
                if let Some(record) = &mut record {
                    record.invoked = Some(question);
                }
                exchange.finish_function(said, called.elapsed())
            }
            Next::Ask(_) => unreachable!("a function is asked once"),
            Next::Call(call) => {
                if let Some(record) = &mut record {
                    record.call = Some(call.clone());
                }
                let said = self.backends.call(call).await.map(|Reply { answer, rest: body }| {
                    rest = body;
                    answer
                });
                if let Some(record) = &mut record {
                    record.said = said.as_ref().ok().cloned();
                }
                exchange.finish(said, called.elapsed())
            }
        };
        if let Some(fresh) = exchange.fresh() {
            self.gates.with(|gate| gate.cache.keep(fresh));
        }
        let took = began.elapsed();
        if let Some(record) = &mut record {
            record.answer.clone_from(&answer);
            record.why = exchange.why();
            record.failure = exchange.failure().cloned();
            record.context.clone_from(exchange.context());
            record.log = exchange.execution_log().to_vec();
            record.took = took;
        }
        Done {
            exchange,
            answer,
            rest,
            took,
            record,
        }
    }
}
