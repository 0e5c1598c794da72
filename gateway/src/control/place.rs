//! Where records of the control plane stand.

use std::fmt;
use std::str::FromStr;

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Api(String),
    /// Of an API. It never changes.
    Deployment(String, String),
    Key(String),
    Plan(String),
    Domain(String),
    Link(String),
    /// A VPC link that was deleted.
    GoneLink(String),
    Certificate(String),
    /// Who may reach a domain name, by the ARN of that.
    Association(String),
    /// Who may call a function, by its ARN.
    Function(String),
    /// Of an account in a region.
    Account(String, String),
}

impl Place {
    /// Whether it is the place of the thing of its kind that has this name.
    pub(super) fn is_of(&self, name: &str) -> bool {
        self.to_string().split_once('/').is_some_and(|(_, rest)| rest == name)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(id) => write!(f, "api/{id}"),
            Self::Deployment(api, id) => write!(f, "deployment/{api}/{id}"),
            Self::Key(id) => write!(f, "key/{id}"),
            Self::Plan(id) => write!(f, "plan/{id}"),
            Self::Domain(name) => write!(f, "domain/{name}"),
            Self::Link(id) => write!(f, "link/{id}"),
            Self::GoneLink(id) => write!(f, "gone-link/{id}"),
            Self::Certificate(id) => write!(f, "certificate/{id}"),
            Self::Association(arn) => write!(f, "association/{arn}"),
            Self::Function(arn) => write!(f, "function/{arn}"),
            Self::Account(account, region) => write!(f, "account/{account}/{region}"),
        }
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, rest) = text.split_once('/').ok_or(())?;
        let rest = rest.to_owned();
        let pair = || {
            rest.split_once('/')
                .map(|(one, other)| (one.to_owned(), other.to_owned()))
                .ok_or(())
        };
        Ok(match kind {
            "api" => Self::Api(rest),
            "deployment" => {
                let (api, id) = pair()?;
                Self::Deployment(api, id)
            }
            "key" => Self::Key(rest),
            "plan" => Self::Plan(rest),
            "domain" => Self::Domain(rest),
            "link" => Self::Link(rest),
            "gone-link" => Self::GoneLink(rest),
            "certificate" => Self::Certificate(rest),
            "association" => Self::Association(rest),
            "function" => Self::Function(rest),
            "account" => {
                let (account, region) = pair()?;
                Self::Account(account, region)
            }
            _ => return Err(()),
        })
    }
}
