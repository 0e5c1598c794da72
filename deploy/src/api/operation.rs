//! Every operation that is called: one table.
//!
//! Whoever adds an operation adds its row here. The enum and its words, the methods of [`ApiGateway`](super::ApiGateway),
//! what is repeated and how fast, the IAM policy and the resource that a denied call names come from it; the compiler
//! asks for the rest, in the client and in the fake.

use std::fmt;
use std::time::Duration;

/// What calling an operation does to the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It changes nothing.
    Reads,
    /// It changes tags, by which runs tell each other that they are there.
    Locks,
    /// It changes the API; doing it twice leaves the same as doing it once.
    Writes,
    /// Doing it twice is not the same: an import that is repeated after its answer got lost leaves two APIs of one
    /// name.
    Adds,
}

/// What a role is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Planning: nothing is changed.
    Read,
    /// Deploying to an API that there is.
    Deploy,
    /// Creating the API as well.
    Create,
    /// Deploying to an API and deleting it.
    Destroy,
}

/// What is known about an operation.
pub(super) struct Row {
    pub(super) effect: Effect,
    /// The actions that an IAM policy allows it with. API Gateway's are its HTTP verbs
    /// ([Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html)).
    pub(super) actions: &'static [&'static str],
    /// What it is called on. `{api}` and `{stage}` stand for the ones that are changed, `{function}` for the functions
    /// that an API calls.
    pub(super) resource: &'static str,
    /// What it is needed for first.
    pub(super) purpose: Purpose,
    /// How far apart calls must be, in milliseconds
    /// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
    pub(super) interval: u64,
}

const GET: &[&str] = &["apigateway:GET"];
const POST: &[&str] = &["apigateway:POST"];
const PUT: &[&str] = &["apigateway:PUT"];
const PATCH: &[&str] = &["apigateway:PATCH"];
const DELETE: &[&str] = &["apigateway:DELETE"];
/// What may change the resource policy takes an action of its own besides its verb.
const PUT_POLICY: &[&str] = &["apigateway:PUT", "apigateway:UpdateRestApiPolicy"];
const PATCH_POLICY: &[&str] = &["apigateway:PATCH", "apigateway:UpdateRestApiPolicy"];

/// Gives the table to another macro: of each operation what it does, its name, its row, and the methods that call it,
/// with the API that they are about and the rest of their arguments.
macro_rules! operations {
    ($give_to:ident) => {
        $give_to! {
            /// Asks STS who calls.
            GetCallerIdentity(Reads, &["sts:GetCallerIdentity"], "", Read, 0)
                fn get_caller_identity(;) -> Identity;

            /// Tries a method of the draft, past whoever decides who may call it.
            TestInvokeMethod(Adds, POST, "/restapis/{api}/resources/*/methods/*", Deploy, 0)
                fn test_invoke_method(rest_api_id; resource_id: &str, verb: &str, request: &Request, variables: &Texts) -> Reply;

            /// Calls a deployed API, or anything else that speaks HTTP.
            Invoke(Reads, &["execute-api:Invoke"], "{api}/{stage}/*", Deploy, 0)
                fn invoke(; url: &str, request: &Request) -> Reply;

            /// Reads one API with its settings.
            GetRestApi(Reads, GET, "/restapis/{api}", Read, 0)
                fn get_rest_api(rest_api_id;) -> RestApi;

            /// Reads one page of the account's APIs in the region.
            GetRestApis(Reads, GET, "/restapis", Read, 0)
                fn get_rest_apis(; position: Option<&str>) -> Page<RestApi>;

            /// Reads one page of an API's paths with their methods.
            GetResources(Reads, GET, "/restapis/{api}/resources", Read, 400)
                fn get_resources(rest_api_id; position: Option<&str>) -> Page<Resource>;

            /// Reads one page of an API's authorizers.
            GetAuthorizers(Reads, GET, "/restapis/{api}/authorizers", Read, 0)
                fn get_authorizers(rest_api_id; position: Option<&str>) -> Page<Authorizer>;

            /// Reads one page of an API's models.
            GetModels(Reads, GET, "/restapis/{api}/models", Read, 0)
                fn get_models(rest_api_id; position: Option<&str>) -> Page<Model>;

            /// Reads one page of an API's request validators.
            GetRequestValidators(Reads, GET, "/restapis/{api}/requestvalidators", Read, 0)
                fn get_request_validators(rest_api_id; position: Option<&str>) -> Page<RequestValidator>;

            /// Reads one page of the gateway's own answers.
            GetGatewayResponses(Reads, GET, "/restapis/{api}/gatewayresponses", Read, 0)
                fn get_gateway_responses(rest_api_id; position: Option<&str>) -> Page<GatewayResponse>;

            /// Reads the stages of an API.
            GetStages(Reads, GET, "/restapis/{api}/stages", Read, 0)
                fn get_stages(rest_api_id;) -> Vec<Stage>;

            /// Reads one stage.
            GetStage(Reads, GET, "/restapis/{api}/stages/*", Read, 0)
                fn get_stage(rest_api_id; stage: &str) -> Stage;

            /// Reads one page of an API's deployments.
            GetDeployments(Reads, GET, "/restapis/{api}/deployments", Read, 0)
                fn get_deployments(rest_api_id; position: Option<&str>) -> Page<Deployment>;

            /// Reads one deployment, and who may call what of it.
            GetDeployment(Reads, GET, "/restapis/{api}/deployments/*", Read, 0)
                fn get_deployment(rest_api_id; deployment_id: &str) -> Deployment;

            /// Reads what a stage serves, as an OpenAPI document with extensions.
            GetExport(Reads, GET, "/restapis/{api}/stages/*/exports/*", Read, 0)
                fn get_export(rest_api_id; stage: &str) -> String;

            /// Reads the settings of the account in the region.
            GetAccount(Reads, GET, "/account", Read, 0)
                fn get_account(;) -> Account;

            /// Reads a VPC link.
            GetVpcLink(Reads, GET, "/vpclinks/*", Read, 0)
                fn get_vpc_link(; vpc_link_id: &str) -> VpcLink;

            /// Creates a regional API from a document.
            ImportRestApi(Adds, POST, "/restapis", Create, 3_000)
                fn import_rest_api(; document: &str, fail_on_warnings: bool) -> RestApi;

            /// Replaces the definition of an API by a document.
            PutRestApi(Writes, PUT_POLICY, "/restapis/{api}", Deploy, 1_000)
                fn put_rest_api(rest_api_id; document: &str, fail_on_warnings: bool) -> RestApi;

            /// Changes settings of an API.
            UpdateRestApi(Writes, PATCH_POLICY, "/restapis/{api}", Deploy, 0)
                fn update_rest_api(rest_api_id; patches: &[Patch]) -> RestApi;

            /// Deletes an API with all of its stages.
            DeleteRestApi(Writes, DELETE, "/restapis/{api}", Destroy, 30_000)
                fn delete_rest_api(rest_api_id;) -> ();

            /// Takes a snapshot of an API, which no stage serves yet.
            CreateDeployment(Adds, POST, "/restapis/{api}/deployments", Deploy, 5_000)
                fn create_deployment(rest_api_id; description: &str) -> Deployment;

            /// Makes a stage that serves a deployment; it may begin with variables, description, tracing and cache.
            CreateStage(Adds, POST, "/restapis/{api}/stages", Deploy, 0)
                fn create_stage(rest_api_id; stage: &str, deployment_id: &str, settings: &Texts) -> Stage;

            /// Changes settings of a stage, such as the deployment that it serves.
            UpdateStage(Writes, PATCH, "/restapis/{api}/stages/{stage}", Deploy, 0)
                fn update_stage(rest_api_id; stage: &str, patches: &[Patch]) -> Stage;

            /// Deletes a stage; what it served stays.
            DeleteStage(Writes, DELETE, "/restapis/{api}/stages/{stage}", Deploy, 0)
                fn delete_stage(rest_api_id; stage: &str) -> ();

            /// Deletes a deployment that no stage serves.
            DeleteDeployment(Writes, DELETE, "/restapis/{api}/deployments/*", Deploy, 0)
                fn delete_deployment(rest_api_id; deployment_id: &str) -> ();

            /// Empties the cache of a stage.
            FlushStageCache(Writes, DELETE, "/restapis/{api}/stages/{stage}/cache/data", Deploy, 0)
                fn flush_stage_cache(rest_api_id; stage: &str) -> ();

            /// Makes a stage forget what authorizers answered.
            FlushStageAuthorizersCache(Writes, DELETE, "/restapis/{api}/stages/{stage}/cache/authorizers", Deploy, 0)
                fn flush_stage_authorizers_cache(rest_api_id; stage: &str) -> ();

            // The resource of a tag is the escaped ARN of what is tagged.

            /// Sets tags: one of an API, or those of a stage.
            TagResource(Locks, PUT, "/tags/*", Deploy, 0)
                fn tag_resource(rest_api_id; key: &str, value: &str) -> ();
                fn tag_stage(rest_api_id; stage: &str, tags: &Texts) -> ();

            /// Removes tags: one of an API, or those of a stage.
            UntagResource(Locks, DELETE, "/tags/*", Deploy, 0)
                fn untag_resource(rest_api_id; key: &str) -> ();
                fn untag_stage(rest_api_id; stage: &str, keys: &[String]) -> ();

            // Functions are named by their ARNs, with an alias or a version. Of calls that change who may call them, Lambda
            // takes 15 a second (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).

            /// Reads who may call a function, as JSON.
            GetPolicy(Reads, &["lambda:GetPolicy"], "{function}", Read, 0)
                fn get_policy(; function: &str) -> String;

            /// Looks whether there is a function.
            GetFunctionConfiguration(Reads, &["lambda:GetFunctionConfiguration"], "{function}", Read, 0)
                fn get_function_configuration(; function: &str) -> ();

            /// Lets API Gateway call a function for the calls of an ARN.
            AddPermission(Writes, &["lambda:AddPermission"], "{function}", Deploy, 70)
                fn add_permission(; function: &str, statement_id: &str, source_arn: &str) -> ();

            /// Takes such a permission away.
            RemovePermission(Writes, &["lambda:RemovePermission"], "{function}", Deploy, 70)
                fn remove_permission(; function: &str, statement_id: &str) -> ();
        }
    };
}
pub(super) use operations;

macro_rules! enumerate {
    ($(
        #[doc = $doc:literal]
        $name:ident($effect:ident, $actions:expr, $resource:literal, $purpose:ident, $interval:literal)
        $(fn $method:ident($($api:ident)?; $($argument:ident: $type:ty),*) -> $answer:ty;)+
    )+) => {
        /// An operation of API Gateway or Lambda, the one of STS that says who calls, and a call of the API itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Operation {
            $(
                #[doc = $doc]
                $name,
            )+
        }

        impl Operation {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// As AWS names it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }

            pub(super) fn row(self) -> Row {
                match self {
                    $(Self::$name => Row {
                        effect: Effect::$effect,
                        actions: $actions,
                        resource: $resource,
                        purpose: Purpose::$purpose,
                        interval: $interval,
                    },)+
                }
            }
        }
    };
}
operations!(enumerate);

impl Operation {
    /// What it does to the API.
    #[must_use]
    pub fn effect(self) -> Effect {
        self.row().effect
    }

    /// Whether it changes nothing of the API.
    #[must_use]
    pub fn is_read(self) -> bool {
        self.effect() == Effect::Reads
    }

    /// Whether calling it twice leaves the same as calling it once.
    #[must_use]
    pub fn is_repeatable(self) -> bool {
        self.effect() != Effect::Adds
    }

    /// The action that an IAM policy allows it with.
    #[must_use]
    pub fn iam_action(self) -> &'static str {
        self.row().actions[0]
    }

    /// The service that it is one of, as IAM names that: `apigateway`, `lambda`, `sts`, or `execute-api` for a deployed
    /// API.
    #[must_use]
    pub fn service(self) -> &'static str {
        self.iam_action().split_once(':').map_or("", |(service, _)| service)
    }

    /// Whether what it does not find can only be the API itself, and nothing that belongs to one.
    #[must_use]
    pub fn is_about_the_api(self) -> bool {
        let Row { effect, resource, .. } = self.row();
        effect != Effect::Adds
            && resource.starts_with("/restapis/{api}")
            && !resource.contains('*')
            && !resource.contains("{stage}")
    }

    /// How far apart two calls must be, by a quota of its own.
    #[must_use]
    pub fn interval(self) -> Duration {
        Duration::from_millis(self.row().interval)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
