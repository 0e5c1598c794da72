//! A browser without a window: Chromium, by way of ChromeDriver
//! ([WebDriver](https://www.w3.org/TR/webdriver2/)). Both have to be installed; Debian has them as `chromium-driver`.

use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{HarnessError, guard::Guarded, http::Request};

/// Nothing that is waited for takes this long.
const READY: Duration = Duration::from_secs(60);

/// It has no window, no profile and no wish to talk to anybody.
const ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1100,760",
];

/// A browser with one page. Dropping it ends it.
#[derive(Debug)]
pub struct Browser {
    _driver: Guarded,
    session: String,
}

impl Browser {
    /// Starts it.
    ///
    /// # Errors
    /// When ChromeDriver or Chromium is not there or does not come up.
    pub fn start() -> Result<Browser, HarnessError> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0");
        let mut driver = Guarded::start("chromedriver", &command)?;
        let port = driver.wait_for_line("ChromeDriver was started successfully on port ", READY)?;
        let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": ARGUMENTS},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let told = call("POST", &format!("{url}/session"), &wanted)?;
        let id = told["sessionId"].as_str().unwrap_or_default();
        Ok(Browser {
            _driver: driver,
            session: format!("{url}/session/{id}"),
        })
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, HarnessError> {
        call("POST", &format!("{}/{path}", self.session), body)
    }

    /// Opens a page.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(&self, url: &str) -> Result<(), HarnessError> {
        self.post("url", &json!({"url": url})).map(drop)
    }

    /// What an expression of JavaScript is in the page.
    ///
    /// # Errors
    /// When it throws.
    pub fn value(&self, expression: &str) -> Result<Value, HarnessError> {
        let script = format!("return {expression};");
        self.post("execute/sync", &json!({"script": script, "args": []}))
    }

    /// Waits until an expression of JavaScript holds.
    ///
    /// # Errors
    /// When it does not come to hold.
    pub fn wait_for(&self, expression: &str) -> Result<(), HarnessError> {
        let start = Instant::now();
        while self.value(&format!("Boolean({expression})"))? != true {
            if start.elapsed() > READY {
                return Err(HarnessError::NotReady {
                    what: expression.to_owned(),
                    output: self.value("document.body.innerText")?.to_string(),
                });
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Presses keys one after the other, as a person does. `\u{e007}` is Enter, `\u{e015}` the arrow down.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn press(&self, keys: &str) -> Result<(), HarnessError> {
        let actions = keys.chars().flat_map(|key| {
            let key = key.to_string();
            [
                json!({"type": "keyDown", "value": key}),
                json!({"type": "keyUp", "value": key}),
            ]
        });
        let actions: Vec<Value> = actions.collect();
        self.post(
            "actions",
            &json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]}),
        )
        .map(drop)
    }

    /// What the browser complained of since it was asked last: errors of scripts, and what a policy forbids.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn complaints(&self) -> Result<Vec<String>, HarnessError> {
        let told = self.post("se/log", &json!({"type": "browser"}))?;
        let lines = told.as_array().into_iter().flatten();
        let severe = lines.filter(|line| line["level"] == "SEVERE");
        Ok(severe.map(|line| line["message"].to_string()).collect())
    }

    /// Shows pages in the light, or in the dark.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn prefer(&self, scheme: &str) -> Result<(), HarnessError> {
        let params = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": params});
        self.post("goog/cdp/execute", &command).map(drop)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = call("DELETE", &self.session, &Value::Null);
    }
}

fn call(verb: &str, url: &str, body: &Value) -> Result<Value, HarnessError> {
    let request = Request::new(verb, url);
    let request = if body.is_null() { request } else { request.json(body) };
    let answer = request.send()?;
    let told = answer.json()?;
    if answer.status != 200 {
        let problem = told["value"]["message"].to_string();
        return Err(HarnessError::answer("chromedriver", problem));
    }
    Ok(told["value"].clone())
}
