use super::*;
use crate::plane::{Headers, Slip};

/// The example that AWS publishes for `ListUsers`
/// ([signing](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)).
fn published() -> (Request, Credential) {
    let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
                         SignedHeaders=content-type;host;x-amz-date, \
                         Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
    let request = Request {
        method: "GET".into(),
        sent_path: "/".into(),
        path: "/".into(),
        query: "Action=ListUsers&Version=2010-05-08".into(),
        headers: Headers::from_iter([
            ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            ("Host", "iam.amazonaws.com"),
            ("X-Amz-Date", "20150830T123600Z"),
            ("Authorization", authorization),
        ]),
        body: bytes::Bytes::new(),
    };
    let credential = Credential {
        access_key: "AKIDEXAMPLE".into(),
        secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
        token: None,
        arn: "arn:aws:iam::111122223333:user/me".into(),
    };
    (request, credential)
}

fn at(text: &str) -> OffsetDateTime {
    parse_date(text).unwrap()
}

fn text_of(result: Result<(&Credential, String), Failure>) -> String {
    match result {
        Err(
            failure @ (Failure::InvalidSignature(_) | Failure::IncompleteSignature(_) | Failure::WrongSignature(_)),
        ) => failure.told().2,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_that_aws_publishes_is_right_and_nothing_near_it_is() {
    let (request, credential) = published();
    let known = [credential];
    let check = |request: &Request, now: &str| verify(request, "iam", Some("us-east-1"), &known, at(now)).map(|_| ());
    assert_eq!(check(&request, "20150830T123600Z"), Ok(()));
    assert_eq!(check(&request, "20150830T124100Z"), Ok(()));
    for change in [
        |request: &mut Request| request.method = "POST".into(),
        |request: &mut Request| request.sent_path = "/x".into(),
        |request: &mut Request| request.query = "Action=ListUsers&Version=2010-05-09".into(),
        |request: &mut Request| request.body = "x".into(),
        |request: &mut Request| request.headers.set("Host", "iam.example.com"),
    ] {
        let mut changed = request.clone();
        change(&mut changed);
        let text = text_of(verify(
            &changed,
            "iam",
            Some("us-east-1"),
            &known,
            at("20150830T123600Z"),
        ));
        assert!(
            text.starts_with("The request signature we calculated does not match"),
            "{text}"
        );
        assert!(
            text.contains("The Canonical String for this request should have been\n'"),
            "{text}"
        );
        assert!(!text.contains(&known[0].secret), "{text}");
    }
}

#[test]
fn what_is_not_right_is_told_in_the_words_of_aws() {
    let (request, credential) = published();
    let known = [credential];
    let verify = |service, region, now: &str| text_of(verify(&request, service, Some(region), &known, at(now)));
    assert_eq!(
        verify("iam", "us-east-1", "20150830T130000Z"),
        "Signature expired: 20150830T123600Z is now earlier than 20150830T125500Z (20150830T130000Z - 5 min.)"
    );
    assert_eq!(
        verify("iam", "us-east-1", "20150830T120000Z"),
        "Signature not yet current: 20150830T123600Z is still later than 20150830T120500Z (20150830T120000Z + 5 min.)"
    );
    assert_eq!(
        verify("execute-api", "eu-west-1", "20150830T123600Z"),
        "Credential should be scoped to a valid region, not 'us-east-1'. Credential should be scoped to correct \
         service: 'execute-api'. "
    );
}

#[test]
fn an_unknown_key_and_a_token_that_is_not_its_own_are_refused_alike() {
    let (request, credential) = published();
    let other = Credential {
        access_key: "OTHER".into(),
        ..credential.clone()
    };
    let with_token = Credential {
        token: Some("token".into()),
        ..credential
    };
    let refused = |known| verify(&request, "iam", None, &[known], at("20150830T123600Z")).unwrap_err();
    let (unknown, wrong) = (refused(other), refused(with_token));
    assert_eq!(unknown, Failure::UnknownKey("AKIDEXAMPLE".into()));
    assert_eq!(wrong, Failure::WrongToken("AKIDEXAMPLE".into()));
    assert_eq!(unknown.told(), wrong.told());
}

#[test]
fn headers_that_are_no_signature_are_told_so_with_a_hash_and_never_shown() {
    for (header, start) in [
        (
            "Bearer abc",
            "Invalid key=value pair (missing equal-sign) in Authorization header",
        ),
        (
            "secret",
            "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature'",
        ),
    ] {
        let request = Request {
            headers: Headers::from_iter([("Authorization", header)]),
            ..Request::default()
        };
        let Failure::IncompleteSignature(text) = unsigned(&request) else {
            panic!("{header}")
        };
        assert!(text.starts_with(start), "{text}");
        assert!(!text.contains(header), "{text}");
    }
    assert_eq!(unsigned(&Request::default()), Failure::NoMethod);
}

#[test]
fn a_credential_is_read_of_a_text_that_no_message_shows() {
    let read: Credential = "KEY:sec=ret:tok:en==arn:aws:sts::111122223333:assumed-role/r/s"
        .parse()
        .unwrap();
    assert_eq!(
        (read.secret.as_str(), read.token.as_deref()),
        ("sec=ret", Some("tok:en="))
    );
    assert_eq!(read.account(), "111122223333");
    assert!(!format!("{read:?}").contains("sec=ret"));
    for text in [
        "",
        "KEY=arn:aws:iam::1:user/a",
        "KEY:=arn:aws:iam::1:user/a",
        "KEY:secret",
        "KEY:secret=user",
    ] {
        assert_eq!(text.parse::<Credential>(), Err(CredentialError), "{text}");
    }
}

fn sent() -> Request {
    Request {
        method: "POST".into(),
        sent_path: "/dev/a%20b/%C3%A9".into(),
        query: "b=2&a=1%2F2&a=&plus=x+y".into(),
        headers: Headers::from_iter([("Host", "127.0.0.1:4566"), ("Authorization", "Bearer of another")]),
        body: "{}".into(),
        ..Request::default()
    }
}

#[test]
fn what_is_signed_here_is_taken_here() {
    let token = Credential {
        token: Some("token".into()),
        ..Credential::test()
    };
    for credential in [Credential::test(), token] {
        let mut request = sent();
        credential.sign(&mut request, "eu-west-1", at("20260925T091954Z"));
        let known = [credential];
        let found = verify(
            &request,
            "execute-api",
            Some("eu-west-1"),
            &known,
            at("20260925T091954Z"),
        );
        assert_eq!(found, Ok((&known[0], "eu-west-1".to_owned())));
        request.body = "[]".into();
        assert!(verify(&request, "execute-api", None, &known, at("20260925T091954Z")).is_err());
    }
}

#[test]
fn the_slip_of_a_signer_is_known_by_its_signature() {
    for (slip, signed) in [
        (Slip::EmptyBody, {
            let mut request = sent();
            request.body.clear();
            request
        }),
        (Slip::HostWithoutPort, {
            let mut request = sent();
            request.headers.set("Host", "127.0.0.1");
            request
        }),
        (Slip::WithoutQuery, {
            let mut request = sent();
            request.query.clear();
            request
        }),
    ] {
        let mut signed = signed;
        Credential::test().sign(&mut signed, "us-east-1", at("20260925T091954Z"));
        let mut request = sent();
        for name in ["X-Amz-Date", "Authorization"] {
            request.headers.set(name, signed.headers.get(name).unwrap());
        }
        let known = [Credential::test()];
        let Err(Failure::WrongSignature(expected)) =
            verify(&request, "execute-api", None, &known, at("20260925T091954Z"))
        else {
            panic!("{slip:?}")
        };
        assert_eq!(expected.slip, Some(slip));
        assert!(
            expected
                .canonical_request
                .starts_with("POST\n/dev/a%2520b/%25C3%25A9\na=&a=1%2F2&b=2&plus=x%2By\nhost:127.0.0.1:4566\n"),
            "{}",
            expected.canonical_request
        );
    }
}
