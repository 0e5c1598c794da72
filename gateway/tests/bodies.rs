//! Bodies: bytes and texts, compressed and not, at once and as they come; functions that templates speak to.

use std::io::{Read as _, Write as _};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use axum::routing::{any, get};
use bluegate_gateway::plane::Canary;
use bluegate_gateway::service::Gateway;
use bluegate_gateway::testing::{TestAnswer, TestGateway};
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::GzEncoder;
use serde_json::{Value, json};

const PIXEL: &[u8] = &[0x89, b'P', 0xff, 0];
const PIXEL_AS_TEXT: &str = "iVD/AA==";

fn service() -> Router {
    let long = async || "a".repeat(2_000);
    let packed = async || ([(header::CONTENT_ENCODING, "br")], "b".repeat(2_000));
    Router::new()
        .route("/image", get(async || ([(header::CONTENT_TYPE, "image/png")], PIXEL)))
        .route("/base64", get(async || PIXEL_AS_TEXT))
        .route("/long", get(long))
        .route("/packed", get(packed))
        .route("/large", get(async || vec![b'l'; 10_485_761]))
        .fallback(any(async |headers: HeaderMap, body: Bytes| {
            let kind = headers.get(header::CONTENT_TYPE).cloned();
            (kind.map(|kind| [(header::CONTENT_TYPE, kind)]), body)
        }))
}

fn gateway(integration: &Value, settings: &Value) -> TestGateway {
    let mut whole = json!({"type": "http_proxy", "httpMethod": "ANY", "uri": "http://service/{proxy}",
        "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"}});
    let mut document = json!({"openapi": "3.0.1"});
    for (object, more) in [(&mut whole, integration), (&mut document, settings)] {
        object
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
    }
    document["paths"]["/{proxy+}"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"] = whole;
    let document = document.to_string().parse().unwrap();
    TestGateway::of(Gateway::from_document("dev", &document).backend(service()))
}

fn images() -> Value {
    json!({"x-amazon-apigateway-binary-media-types": ["image/*"]})
}

#[tokio::test]
async fn bytes_are_for_clients_that_take_them_and_base64_for_others() {
    let gateway = gateway(&json!({}), &images());
    for (accept, body) in [
        (Some("image/png"), PIXEL),
        (Some("image/webp, */*"), PIXEL),
        (Some("*/*"), PIXEL_AS_TEXT.as_bytes()),
        (Some("text/html, image/png"), PIXEL_AS_TEXT.as_bytes()),
        (None, PIXEL_AS_TEXT.as_bytes()),
    ] {
        let request = gateway.get("/image");
        let request = accept
            .into_iter()
            .fold(request, |request, accept| request.header("Accept", accept));
        assert_eq!(request.await.bytes(), body, "{accept:?}");
    }
}

#[tokio::test]
async fn bodies_of_requests_are_converted_as_the_integration_says() {
    let sent = async |handling: Option<&str>, kind: &str, body: &[u8]| -> TestAnswer {
        let gateway = gateway(&json!({"contentHandling": handling}), &images());
        gateway.post("/echo").header("Content-Type", kind).body(body).await
    };
    for (handling, kind, body, arrives) in [
        (None, "image/png", PIXEL, PIXEL),
        (Some("CONVERT_TO_BINARY"), "image/png", PIXEL, PIXEL),
        (Some("CONVERT_TO_TEXT"), "image/png", PIXEL, PIXEL_AS_TEXT.as_bytes()),
        (Some("CONVERT_TO_TEXT"), "text/plain", b"text", b"text"),
        (Some("CONVERT_TO_BINARY"), "text/plain", PIXEL_AS_TEXT.as_bytes(), PIXEL),
    ] {
        let answer = sent(handling, kind, body).await;
        assert_eq!(answer.service().body(), arrives, "{handling:?} {kind}");
    }
    let broken = sent(Some("CONVERT_TO_BINARY"), "text/plain", b"no base64")
        .await
        .expect(500);
    assert!(!broken.has_reached_service());
}

#[tokio::test]
async fn answers_are_converted_as_the_integration_response_says() {
    for (handling, path, body) in [
        ("CONVERT_TO_BINARY", "/image", PIXEL),
        ("CONVERT_TO_BINARY", "/base64", PIXEL),
        ("CONVERT_TO_TEXT", "/image", PIXEL_AS_TEXT.as_bytes()),
        ("CONVERT_TO_TEXT", "/base64", PIXEL_AS_TEXT.as_bytes()),
    ] {
        let integration =
            json!({"type": "http", "responses": {"default": {"statusCode": "200", "contentHandling": handling}}});
        let answer = gateway(&integration, &images()).get(path).await.expect(200);
        assert_eq!(answer.bytes(), body, "{handling} {path}");
    }
}

#[tokio::test]
async fn an_answer_is_compressed_for_clients_that_name_a_coding() {
    let gateway = gateway(
        &json!({}),
        &json!({"x-amazon-apigateway-minimum-compression-size": 1_000}),
    );
    let ask =
        async |path: &str, accepted: &str| gateway.get(path).header("Accept-Encoding", accepted).await.expect(200);
    let mut text = String::new();
    let gzip = ask("/long", "gzip, deflate").await;
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    GzDecoder::new(gzip.bytes()).read_to_string(&mut text).unwrap();
    let deflate = ask("/long", "deflate").await;
    ZlibDecoder::new(deflate.bytes()).read_to_string(&mut text).unwrap();
    assert_eq!(text, "a".repeat(4_000));
    for (path, accepted, coding) in [
        ("/long", "*", None),
        ("/long", "br", None),
        ("/base64", "gzip", None),
        ("/packed", "gzip", Some("br")),
    ] {
        assert_eq!(
            ask(path, accepted).await.header("content-encoding"),
            coding,
            "{path} {accepted}"
        );
    }
}

#[tokio::test]
async fn a_compressed_request_is_unpacked_where_the_api_compresses() {
    let mut packer = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(b"{\"a\": 1}").unwrap();
    let packed = packer.finish().unwrap();
    let setting = json!({"x-amazon-apigateway-minimum-compression-size": 0});
    let (compresses, passes) = (gateway(&json!({}), &setting), gateway(&json!({}), &json!({})));
    let post = async |gateway: &TestGateway, coding: &str, body: &[u8]| {
        gateway
            .post("/echo")
            .header("Content-Encoding", coding)
            .body(body)
            .await
    };
    assert_eq!(
        post(&compresses, "gzip", &packed).await.service().body(),
        &b"{\"a\": 1}"[..]
    );
    assert_eq!(post(&passes, "gzip", &packed).await.service().body(), &packed[..]);
    for (coding, body) in [("gzip", &b"no"[..]), ("br", b"no")] {
        let refused = post(&compresses, coding, body).await.expect(415);
        assert!(!refused.has_reached_service());
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_fails_unless_it_is_passed_on_as_it_comes() {
    let buffered = gateway(&json!({}), &json!({})).get("/large").await.expect(502);
    assert_eq!(buffered.text(), r#"{"message": "Internal server error"}"#);
    let streamed = gateway(&json!({"responseTransferMode": "STREAM"}), &json!({}));
    assert_eq!(streamed.get("/large").await.expect(200).bytes().len(), 10_485_761);
}

#[tokio::test]
async fn a_stream_arrives_before_it_has_ended() {
    use http_body_util::BodyExt as _;
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, std::convert::Infallible>>(1);
    let receiver = std::sync::Arc::new(tokio::sync::Mutex::new(Some(receiver)));
    let service = Router::new().fallback(any(async move || {
        let mut receiver = receiver.lock().await.take().unwrap();
        let stream = futures_util::stream::poll_fn(move |context| receiver.poll_recv(context));
        Body::from_stream(stream)
    }));
    let document = json!({"openapi": "3.0.1", "paths": {"/events": {"get": {"x-amazon-apigateway-integration": {
        "type": "http_proxy", "httpMethod": "GET", "uri": "http://service/", "responseTransferMode": "STREAM"}}}}});
    let gateway = Gateway::from_document("dev", &document.to_string().parse().unwrap()).backend(service);
    let request = http::Request::get("/events").body(Body::empty()).unwrap();
    let mut body = gateway.answer(request).await.into_body();
    for text in ["one", "two"] {
        sender.send(Ok(text.into())).await.unwrap();
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), text);
    }
    drop(sender);
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn templates_speak_to_a_function_and_patterns_are_about_its_errors() {
    let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\
               arn:aws:lambda:us-east-1:000000000000:function:sums/invocations";
    let document = json!({"openapi": "3.0.1", "paths": {
        "/sums": {"post": {"x-amazon-apigateway-integration": {
            "type": "aws", "httpMethod": "POST", "uri": uri,
            "requestTemplates": {"application/json": "{\"numbers\": $input.json('$.n')}"},
            "responses": {
                "default": {"statusCode": "200", "responseTemplates": {"application/json": "sum: $input.path('$.sum')"}},
                "no .*": {"statusCode": "422", "responseTemplates": {"application/json": "$input.path('$.errorMessage')"}}},
        }}},
        "/queue": {"post": {"x-amazon-apigateway-integration": {
            "type": "aws", "httpMethod": "POST", "uri": "arn:aws:apigateway:us-east-1:sqs:path/000000000000/queue",
            "responses": {"default": {"statusCode": "200"}}}}},
    }});
    let gateway = Gateway::from_document("dev", &document.to_string().parse().unwrap());
    let gateway = TestGateway::of(gateway.function("sums", async |event: Value| {
        let numbers = event["numbers"].as_array().ok_or("no list")?;
        Ok::<_, &str>(json!({"sum": numbers.iter().filter_map(Value::as_i64).sum::<i64>()}))
    }));
    let sum = gateway.post("/sums").json(&json!({"n": [1, 2, 3]})).await.expect(200);
    assert_eq!(
        (sum.text(), sum.event()),
        ("sum: 6", Some(&json!({"numbers": [1, 2, 3]})))
    );
    let failed = gateway.post("/sums").json(&json!({"n": 1})).await.expect(422);
    assert_eq!(failed.text(), "no list");
    let queue = gateway.post("/queue").await.expect(501);
    assert!(queue.text().contains("sqs"), "{}", queue.text());
}

#[tokio::test]
async fn a_function_may_take_as_long_as_its_integration_says() {
    let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\
               arn:aws:lambda:us-east-1:000000000000:function:slow/invocations";
    for kind in ["aws", "aws_proxy"] {
        let document = json!({"openapi": "3.0.1", "paths": {"/x": {"get": {"x-amazon-apigateway-integration": {
            "type": kind, "httpMethod": "POST", "uri": uri, "timeoutInMillis": 50,
            "responses": {"default": {"statusCode": "200"}}}}}}});
        let gateway = Gateway::from_document("dev", &document.to_string().parse().unwrap());
        let never = gateway.function("slow", async |_| std::future::pending::<Result<Value, String>>().await);
        let answer = TestGateway::of(never).get("/x").await.expect(504);
        assert_eq!(answer.text(), r#"{"message": "Endpoint request timed out"}"#);
    }
}

#[tokio::test]
async fn a_canary_answers_its_part_of_the_requests() {
    let document = |text: &str| {
        let answer = json!({"statusCode": "200", "responseTemplates": {"application/json":
            format!("{text} $stageVariables.name $context.isCanaryRequest")}});
        let document = json!({"openapi": "3.0.1", "paths": {"/": {"get": {"x-amazon-apigateway-integration": {
            "type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
            "responses": {"default": answer}}}}}});
        document.to_string().parse().unwrap()
    };
    let ask = async |percent: f64| {
        let mut stage = Gateway::from_document("dev", &document("new")).stage().clone();
        stage.variables.insert("name".into(), "second".into());
        let gateway = Gateway::from_document("dev", &document("old")).with_stage(|served| {
            served.variables.insert("name".into(), "first".into());
            served.canary = Some(Box::new(Canary { percent, stage }));
        });
        let gateway = TestGateway::of(gateway);
        let mut news = 0;
        for _ in 0..200 {
            match gateway.get("/").await.text() {
                "new second true" => news += 1,
                "old first false" => {}
                text => panic!("{text}"),
            }
        }
        news
    };
    assert_eq!((ask(0.).await, ask(100.).await), (0, 200));
    let half = ask(50.).await;
    // Of fair coins, one in 10^20 runs is outside of it.
    assert!((33..=167).contains(&half), "{half}");
}

#[tokio::test]
async fn what_has_too_long_an_arn_is_told_so() {
    let gateway = gateway(&json!({}), &json!({}));
    gateway.get(&format!("/{}", "a".repeat(1_400))).await.expect(200);
    let refused = gateway.get(&format!("/{}", "a".repeat(1_600))).await.expect(414);
    assert!(refused.text().contains("Request URI too long"));
}

#[cfg(feature = "https")]
#[tokio::test]
async fn a_service_behind_https_has_a_certificate_that_is_trusted_or_one_that_does_not_matter() {
    use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(&include_bytes!("tls/certificate.der")[..])],
            PrivatePkcs8KeyDer::from(&include_bytes!("tls/key.der")[..]).into(),
        )
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that trusts nobody hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut read = [0; 4_096];
            let _ = stream.read(&mut read).await;
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsafe")
                .await;
            let _ = stream.shutdown().await;
        }
    });
    for (skips, status) in [(true, 200), (false, 504)] {
        let document = json!({"openapi": "3.0.1", "paths": {"/": {"get": {"x-amazon-apigateway-integration": {
            "type": "http_proxy", "httpMethod": "GET", "uri": format!("https://{address}/"),
            "tlsConfig": {"insecureSkipVerification": skips}}}}}});
        let gateway = Gateway::from_document("dev", &document.to_string().parse().unwrap());
        TestGateway::of(gateway).get("/").await.expect(status);
    }
    server.abort();
}
