//! `$context`
//! ([variables](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html)).

use std::borrow::Cow;
use std::sync::OnceLock;

use super::value::Value;

/// How much is learnt of most requests.
const LEARNT: usize = 8;

/// `$context` of a request, which is made for whoever reads it first: most requests pass without.
#[derive(Debug, Default)]
pub(super) struct Context {
    made: OnceLock<Value>,
    /// What was learnt before it was made.
    learnt: Vec<(Cow<'static, str>, Value)>,
}

impl Context {
    /// Sets what stands at names with dots between them.
    pub(super) fn set(&mut self, names: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        let (names, value) = (names.into(), value.into());
        match self.made.get_mut() {
            Some(made) => made.set(&names, value),
            None => {
                if self.learnt.capacity() == 0 {
                    self.learnt.reserve(LEARNT);
                }
                self.learnt.push((names, value));
            }
        }
    }

    /// The whole: what is known, and what was learnt.
    pub(super) fn whole(&self, known: impl FnOnce() -> Value) -> &Value {
        self.made.get_or_init(|| {
            let mut made = known();
            for (names, value) in &self.learnt {
                made.set(names, value.clone());
            }
            made
        })
    }

    /// The same, once it was made.
    pub(super) fn made(&mut self) -> &mut Value {
        self.made
            .get_mut()
            .unwrap_or_else(|| unreachable!("nobody asked for it before"))
    }

    /// What stands there, if it was made; only then a template may have written there.
    pub(super) fn written(&self, names: &str) -> Option<&Value> {
        self.made.get()?.at(names)
    }
}
