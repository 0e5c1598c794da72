//! Which deployments go, and which stay.

use super::*;

/// Deploys to `dev`, each time other routes.
async fn five_times(machine: &Machine, fake: &Fake) {
    for number in 0..5 {
        let path = format!("GET /n{number}");
        machine
            .deploy(fake, &["GET! /users", "GET /health", &path])
            .await
            .unwrap();
    }
}

/// The ids of the deployments that there are.
fn deployments(fake: &Fake) -> Vec<String> {
    let api = fake.api("abc");
    api.deployments.iter().map(|one| one.deployment.id.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn old_deployments_go_and_served_ones_stay() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    fake.edit("abc", |api| {
        api.put(&document(OLD).to_json());
        api.deploy("made by hand");
    });
    machine.deploy(&fake, OLD).await.unwrap();
    let first = fake.api("abc").stages["dev"].deployment_id.clone();
    fake.edit("abc", |api| {
        let prod = Stage {
            name: "prod".into(),
            deployment_id: first.clone(),
            ..Stage::default()
        };
        api.stages.insert("prod".into(), prod);
    });
    five_times(&machine, &fake).await;
    assert_eq!(
        deployments(&fake),
        ["dep1", "dep2", "dep5", "dep6", "dep7"],
        "three, the hand-made one and that of prod"
    );
}

#[tokio::test(start_paused = true)]
async fn deployments_of_another_stage_stay_however_often_this_one_is_deployed_to() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    let prod = Environment {
        stage: Some("prod".to_owned()),
        ..by_id("abc", None)
    };
    let routes = |stage: &str, number: usize| format!("GET /{stage}{number}");
    for number in 0..3 {
        let path = routes("prod", number);
        let routes = ["GET! /users", "GET /health", &path];
        machine.once(&fake, prod.clone(), &routes, false).await.unwrap();
    }
    for number in 0..5 {
        let path = routes("dev", number);
        machine
            .deploy(&fake, &["GET! /users", "GET /health", &path])
            .await
            .unwrap();
    }
    assert_eq!(
        deployments(&fake),
        ["dep1", "dep2", "dep3", "dep6", "dep7", "dep8"],
        "three of each"
    );
}

#[tokio::test(start_paused = true)]
async fn what_another_stage_would_be_rolled_back_to_stays() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    machine.deploy(&fake, NEW).await.unwrap();
    fake.edit("abc", |api| {
        let description = api.deployments[1].deployment.description.as_mut().unwrap();
        *description = description.replace("stage:dev", "stage:prod");
        let prod = Stage {
            name: "prod".into(),
            deployment_id: Some("dep2".into()),
            ..Stage::default()
        };
        api.stages.insert("prod".into(), prod);
    });
    five_times(&machine, &fake).await;
    assert_eq!(deployments(&fake), ["dep1", "dep2", "dep5", "dep6", "dep7"]);
}
