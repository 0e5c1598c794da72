//! Certificates that stages show to services
//! ([ClientCertificate](https://docs.aws.amazon.com/apigateway/latest/api/API_ClientCertificate.html)). Nobody is shown one
//! here: what is told is the same certificate for all of them, whose private key nobody has.

use serde_json::json;

use super::call::Call;
use super::pages::items;
use super::patch::{Kind, Op, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Owned, new_id, text};

const RULES: Rules = Rules {
    lists: true,
    rows: &[("/description", &[Op::Replace], Kind::Text)],
};

const PEM: &str = include_str!("certificate.pem");

/// How long one is good, in seconds: 365 days
/// ([expiration](https://docs.aws.amazon.com/apigateway/latest/developerguide/certificate-rotation.html)).
const LIFETIME: i64 = 365 * 24 * 60 * 60;

impl Control {
    pub(super) fn get_client_certificates(&mut self, call: &Call<'_>) -> Answered {
        let own = self.certificates.iter().filter(|one| one.is_of(call));
        let told = own.map(|one| present(one.told.clone()));
        items(call, "clientCertificateId", told.collect())
    }

    pub(super) fn get_client_certificate(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, self.certificate(call)?.with_tags()))
    }

    pub(super) fn generate_client_certificate(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let id = new_id(6);
        let tags = input.texts("tags")?;
        let certificate = present(json!({
            "clientCertificateId": id,
            "description": input.word("description")?,
            "pemEncodedCertificate": PEM.trim_end(),
            "createdDate": call.seconds(),
            "expirationDate": call.seconds() + LIFETIME,
            "tags": Some(tags).filter(|tags| !tags.is_empty()),
        }));
        self.certificates.push(Owned::new(call, certificate.clone()));
        self.changed.insert(Place::Certificate(id));
        Ok(reply(201, certificate))
    }

    pub(super) fn update_client_certificate(&mut self, call: &Call<'_>) -> Answered {
        let patched = RULES.patched(self.certificate(call)?.told.clone(), &operations(call)?)?;
        let mut all = self.certificates.iter_mut();
        if let Some(known) = all.find(|one| one.text("clientCertificateId") == call.part(0)) {
            known.told = patched;
        }
        self.changed.insert(Place::Certificate(call.part(0).to_owned()));
        self.get_client_certificate(call)
    }

    pub(super) fn delete_client_certificate(&mut self, call: &Call<'_>) -> Answered {
        let id = self.certificate(call)?.text("clientCertificateId").to_owned();
        let own = self.apis.values().filter(|api| self.own(call, &api.id).is_some());
        let mut stages = own.flat_map(|api| api.stages.iter().map(|(name, served)| (&api.id, name, &served.told)));
        if let Some((api, stage, _)) = stages.find(|(.., told)| text(told, "clientCertificateId") == id) {
            return Err(Refusal::bad_request(format!(
                "Client certificate {id} cannot be deleted because the stage {api}:{stage} uses it"
            )));
        }
        self.certificates.retain(|one| one.text("clientCertificateId") != id);
        self.changed.insert(Place::Certificate(id));
        Ok(empty(202))
    }

    fn certificate(&self, call: &Call<'_>) -> Result<&Owned, Refusal> {
        let mut own = self.certificates.iter().filter(|one| one.is_of(call));
        own.find(|one| one.text("clientCertificateId") == call.part(0))
            .ok_or_else(|| Refusal::no("Client Certificate"))
    }
}
