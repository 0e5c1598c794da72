//! When a service answered, by its own clock.

use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;

/// Reads the date of an answer
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110.html#field.date)).
#[derive(Debug, Clone, Default)]
pub(super) struct Date(Arc<OnceLock<i64>>);

impl Date {
    /// In seconds since 1970; `None` when the answer does not say.
    pub(super) fn seconds(&self) -> Option<i64> {
        self.0.get().copied()
    }
}

impl Intercept for Date {
    fn name(&self) -> &'static str {
        "Date"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let text = context.response().headers().get("date");
        if let Some(date) = text.and_then(|text| DateTime::from_str(text, Format::HttpDate).ok()) {
            let _ = self.0.set(date.secs());
        }
        Ok(())
    }
}
