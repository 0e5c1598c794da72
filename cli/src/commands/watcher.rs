//! What a person at the terminal is told of a run, and asked.

use bluegate_deploy::interrupt::Interrupt;
use bluegate_deploy::{Caller, Event, Question};

use crate::render::event;
use crate::terminal::Terminal;

pub(super) struct Watcher<'a> {
    terminal: &'a mut Terminal,
    yes: bool,
    /// The name of the API that may be deleted without a question.
    pub(super) confirmed: Option<String>,
    /// Somebody may want the run to end while it waits for an answer.
    interrupt: Interrupt,
}

impl<'a> Watcher<'a> {
    pub(super) fn new(terminal: &'a mut Terminal, yes: bool, interrupt: Interrupt) -> Self {
        Self {
            terminal,
            yes,
            confirmed: None,
            interrupt,
        }
    }
}

impl Caller for Watcher<'_> {
    fn event(&mut self, told: &Event) {
        if let Some((verb, what)) = event::step(told) {
            self.terminal.step(verb, &what);
        }
        match told {
            Event::Warning(warning) => self.terminal.warning(&event::warning(warning)),
            Event::Planned { plan } => {
                for risk in &plan.security {
                    self.terminal.warning(risk);
                }
                for note in &plan.notes {
                    self.terminal.note(note);
                }
            }
            _ => {}
        }
    }

    fn confirm(&mut self, question: &Question) -> bool {
        let ask = |terminal: &mut Terminal| terminal.ask(&event::question(question), Some(&self.interrupt));
        self.yes || ask(self.terminal).unwrap_or(true)
    }

    fn name_of(&mut self, question: &Question) -> Option<String> {
        let confirmed = self.confirmed.clone();
        confirmed.or_else(|| Terminal::ask_text(&event::question(question), &self.interrupt))
    }
}
