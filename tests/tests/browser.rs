//! The console in Chromium: what a person sees and does, with the keyboard alone.

use std::process::Command;
use std::time::Duration;

use bluegate_tests::binaries::{Profile, Program};
use bluegate_tests::browser::Browser;
use bluegate_tests::echo::Echo;
use bluegate_tests::guard::Guarded;
use bluegate_tests::{HarnessError, http, place};

const READY: Duration = Duration::from_secs(60);
const ENTER: char = '\u{e007}';
const DOWN: char = '\u{e015}';

/// `bluegate dev` of the bookshop, with a service that answers everything.
fn shop(echo: &Echo) -> Result<(Guarded, String), HarnessError> {
    let mut command = Command::new(Program::Bluegate.build(Profile::Dev)?);
    let backend = echo.url();
    command.args(["dev", "--listen", "127.0.0.1:0", "--backend", &backend]);
    command.current_dir(place::workspace().join("examples/bookshop"));
    let mut process = Guarded::start("bluegate dev", &command)?;
    let url = process.wait_for_line("http://", READY)?;
    Ok((process, format!("http://{url}")))
}

#[test]
fn a_route_is_found_tried_and_followed_by_the_keyboard() -> Result<(), HarnessError> {
    let (echo, browser) = (Echo::start()?, Browser::start()?);
    let (_shop, url) = shop(&echo)?;
    browser.open(&format!("{url}/_bluegate/"))?;
    browser.wait_for("document.querySelector('#live.on') && document.querySelectorAll('#routes li').length > 20")?;

    http::get(&format!("{url}/book"))?;
    browser.wait_for("document.querySelector('#detail .why')?.textContent.includes('`/books` is near')")?;

    // Search, choose the only one, open it: nothing is sent by that.
    browser.press("/delete")?;
    browser.wait_for("document.querySelectorAll('#routes li').length === 2")?;
    browser.press(&format!("{ENTER}{DOWN}"))?;
    browser.wait_for("document.querySelector('#routes [aria-selected=true]').textContent.includes('/orders/{id}')")?;
    browser.press(&ENTER.to_string())?;
    browser.wait_for("!document.getElementById('try').hidden")?;
    assert_eq!(
        browser.value("document.querySelector('[name=path]').value")?,
        "/orders/{id}"
    );
    // The parameter is selected: what is typed takes its place.
    browser.press(&format!("7{ENTER}"))?;
    browser.wait_for("document.querySelector('#answer pre')?.textContent === '200'")?;
    let sent = http::get(&format!("{url}/_bluegate/api/requests"))?.json()?;
    let sent: Vec<&str> = sent["requests"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["path"].as_str())
        .collect();
    assert_eq!(sent, ["/book", "/orders/7"]);
    assert_eq!(browser.complaints()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_plan_is_made_when_somebody_asks_for_it() -> Result<(), HarnessError> {
    let (echo, browser) = (Echo::start()?, Browser::start()?);
    let (_shop, url) = shop(&echo)?;
    browser.open(&format!("{url}/_bluegate/"))?;
    browser.wait_for("document.querySelector('#tab-plan:not([hidden])')")?;
    browser.value("document.getElementById('tab-plan').focus()")?;
    browser.press(&ENTER.to_string())?;
    browser.wait_for("!document.getElementById('plan').hidden")?;
    browser.value("document.querySelector('#plans [name=stage]').focus()")?;
    // The name of no stage: nobody is called.
    browser.press(&format!("a stage{ENTER}"))?;
    browser.wait_for("document.getElementById('outcome').textContent === 'no plan'")?;
    browser.wait_for("document.getElementById('planned').textContent.includes('letters')")?;
    assert_eq!(browser.complaints()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn it_is_light_and_dark_as_the_browser_is() -> Result<(), HarnessError> {
    let (echo, browser) = (Echo::start()?, Browser::start()?);
    let (_shop, url) = shop(&echo)?;
    browser.open(&format!("{url}/_bluegate/"))?;
    let ground = "getComputedStyle(document.body).backgroundColor";
    for (scheme, color) in [("light", "rgb(246, 247, 249)"), ("dark", "rgb(18, 22, 28)")] {
        browser.prefer(scheme)?;
        browser.wait_for(&format!("{ground} === '{color}'"))?;
    }
    Ok(())
}
