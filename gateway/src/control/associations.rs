//! VPC endpoints that may reach private domain names
//! ([DomainNameAccessAssociation](https://docs.aws.amazon.com/apigateway/latest/api/API_DomainNameAccessAssociation.html)).
//! They are kept and told; whoever asks for a domain name on this machine comes from no endpoint, and is let in.

use serde_json::json;

use super::call::Call;
use super::pages::items;
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Owned};

const ARN: &str = "domainNameAccessAssociationArn";

impl Control {
    /// Those that the caller made, or those to domain names of the caller that others made.
    pub(super) fn get_access_associations(&mut self, call: &Call<'_>) -> Answered {
        let of_others = call.query("resourceOwner") == Some("OTHER_ACCOUNTS");
        let wanted = self.associations.iter().filter(|one| match of_others {
            true => !one.is_of(call) && self.has_domain(call, one.text("domainNameArn")),
            false => one.is_of(call),
        });
        items(call, ARN, wanted.map(|one| present(one.told.clone())).collect())
    }

    pub(super) fn create_access_association(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let (domain, source) = (input.given("domainNameArn")?, input.given("accessAssociationSource")?);
        let known = self.domains.iter().find(|one| one.text("domainNameArn") == domain);
        let name = known.filter(|one| one.region == call.region && one.told.get("domainNameId").is_some());
        let name = name.ok_or_else(|| Refusal::bad_request("Invalid private domain name ARN specified"))?;
        if !source.starts_with("vpce-") {
            return Err(Refusal::bad_request(format!(
                "Invalid VPC endpoint ID specified: {source}"
            )));
        }
        let arn = format!(
            "arn:aws:apigateway:{}:{}:/domainnameaccessassociations/domainname/{}+{}/vpcesource/{source}",
            call.region,
            call.caller.account(),
            name.text("domainName"),
            name.text("domainNameId"),
        );
        if self.associations.iter().any(|one| one.text(ARN) == arn) {
            return Err(Refusal::conflict("Domain name access association already exists"));
        }
        let tags = input.texts("tags")?;
        let association = present(json!({
            ARN: arn,
            "domainNameArn": domain,
            "accessAssociationSourceType": "VPCE",
            "accessAssociationSource": source,
            "tags": Some(tags).filter(|tags| !tags.is_empty()),
        }));
        self.associations.push(Owned::new(call, association.clone()));
        self.changed.insert(Place::Association(arn));
        Ok(reply(201, association))
    }

    pub(super) fn delete_access_association(&mut self, call: &Call<'_>) -> Answered {
        self.remove_association(call.part(0), |_, one| one.is_of(call))
    }

    /// Whose domain name it is does not want it.
    pub(super) fn reject_access_association(&mut self, call: &Call<'_>) -> Answered {
        let arn = call.query(ARN).unwrap_or_default();
        let domain = call.query("domainNameArn").unwrap_or_default();
        self.remove_association(arn, |control, one| {
            !one.is_of(call) && one.text("domainNameArn") == domain && control.has_domain(call, domain)
        })
    }

    /// Whether somebody may reach a domain name.
    pub(super) fn is_reached(&self, domain: &Owned) -> bool {
        let mut all = self.associations.iter();
        all.any(|one| one.text("domainNameArn") == domain.text("domainNameArn"))
    }

    fn has_domain(&self, call: &Call<'_>, arn: &str) -> bool {
        let mut own = self.domains.iter().filter(|one| one.is_of(call));
        own.any(|one| one.text("domainNameArn") == arn)
    }

    fn remove_association(&mut self, arn: &str, may: impl Fn(&Self, &Owned) -> bool) -> Answered {
        let known = self.associations.iter().find(|one| one.text(ARN) == arn);
        if !known.is_some_and(|one| may(self, one)) {
            return Err(Refusal::no("domain name access association"));
        }
        self.associations.retain(|one| one.text(ARN) != arn);
        self.changed.insert(Place::Association(arn.to_owned()));
        Ok(empty(202))
    }
}
