//! The function behind the gateway on this machine, which sends it events of its own.

use bluegate_gateway::edge::Runtime;
use bluegate_gateway::service::Gateway;
use bluegate_gateway::testing::TestGateway;
use serde_json::{Value, json};

use crate::lambda::Program;

/// The gateway, whose calls start with `under`, and the program behind it.
async fn kiosk(under: &str) -> (TestGateway, Program) {
    let runtime = Runtime::listen(([127, 0, 0, 1], 0).into()).await.expect("a free port");
    let program = Program::start(&runtime.address().to_string(), &[]);
    let gateway = Gateway::from_files("routes.json", "aws.config.json", None).unwrap_or_else(|found| panic!("{found}"));
    let gateway = gateway.under(under).function("kiosk", move |event| {
        let runtime = runtime.clone();
        async move { runtime.invoke(event).await }
    });
    (TestGateway::of(gateway), program)
}

#[tokio::test]
async fn the_gateway_on_this_machine_answers_as_the_events_are_answered() {
    for under in ["", "/dev", "/kiosk/v1"] {
        let (gateway, _program) = kiosk(under).await;
        let at = |path: &str| format!("{under}{path}");
        let magazine = json!({"name": "Ding & Dong 100%+", "tags": ["music", "weekly"]});
        let added = gateway.post(&at("/magazines")).json(&magazine).await.expect(201);
        let cookies: Vec<_> = added.headers().get_all("set-cookie").iter().collect();
        assert_eq!(cookies, ["last=Ding & Dong 100%+", "added=yes"]);
        let shown = gateway
            .get(&at("/magazines/Ding%20%26%20Dong%20100%25+"))
            .await
            .expect(200);
        assert_eq!(shown.json::<Value>(), magazine);
        let found = gateway.get(&at("/magazines?tag=music&tag=daily")).await.expect(200);
        assert_eq!(found.text(), "[]");
        let by_header = gateway
            .get(&at("/magazines"))
            .header("Tag", "daily")
            .header("Tag", "music");
        assert_eq!(by_header.await.expect(200).text(), "[]");
        gateway
            .get(&at("/magazines/Ding%20%26%20Dong%20100%25+/"))
            .await
            .expect(200);
        let picture: &[u8] = b"\x89PNG\r\n\xff\xfe\x00\x80";
        let put = gateway
            .put(&at("/covers/2026/11/ding.png"))
            .header("Content-Type", "image/png");
        put.body(picture).await.expect(201);
        let cover = gateway
            .get(&at("/covers/2026/11/ding.png"))
            .header("Accept", "image/png");
        assert_eq!(cover.await.expect(200).bytes(), picture);
        gateway.post(&at("/magazines/Ding")).await.expect(403);
    }
}
