//! An API that was made of another document, and the routes file of an import: a deployment changes nothing that anybody
//! notices.

use bluegate_core::Source;
use bluegate_core::gateway::{Definition, Difference};
use bluegate_core::import::import;
use bluegate_core::openapi::Document;

use crate::{UNFINISHED, document, documents, generated, name};

/// Documents of OpenAPI 3.0 among those of the corpus, the others being Swagger 2.0 and 3.1.
const OF_3_0: usize = 63;

/// A user pool that the document does not name gets a variable.
const OPEN_POOL: &str = "154.yaml";

#[test]
fn an_api_of_an_imported_document_stays_as_it_is() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for path in documents() {
        let name = name(&path);
        if UNFINISHED.contains(&name) {
            continue;
        }
        // A placeholder that stands for a number, which its tool fills in.
        let text = std::fs::read_to_string(&path).expect("a document");
        let source = Source::new(name, text.replace("${lambda_identity_timeout}", "60"));
        let original = document::read(source.text()).expect(name);
        if !document::text_at(&original, "openapi").starts_with("3.0") {
            continue;
        }
        let Ok(original) = original.to_string().parse::<Document>() else {
            // A function of CloudFormation where a text should stand.
            assert_eq!(name, "021.json");
            continue;
        };
        compared += 1;
        let (import, _) = import(&source, None).into_result().expect(name);
        let again: Document = generated(&import, name).parse().expect(name);
        let (before, after) = (Definition::from(&original), Definition::from(&again));
        let difference = Difference::between(&before, &after);
        let changed = difference
            .changed
            .iter()
            .map(|one| format!("{}: {:?}", one.route, one.changes));
        let keys = difference
            .added
            .iter()
            .chain(&difference.removed)
            .map(ToString::to_string);
        wrong.extend(changed.chain(keys).map(|line| format!("{name} {line}")));
        let are_same = before.responses == after.responses && before.authorizers == after.authorizers;
        if !are_same && name != OPEN_POOL {
            wrong.push(format!("{name} responses or authorizers"));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(compared, OF_3_0);
}
