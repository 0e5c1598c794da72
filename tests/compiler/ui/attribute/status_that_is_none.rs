use bluegate::resource;

struct TooSmall;

#[resource(name = "toosmall")]
impl TooSmall {
    #[handler(status = 99)]
    async fn get() {}
}

struct TooLarge;

#[resource(name = "toolarge")]
impl TooLarge {
    #[handler(status = 600)]
    async fn get() {}
}

struct Wide;

#[resource(name = "wide")]
impl Wide {
    #[handler(status = 70_000)]
    async fn get() {}
}

struct Text;

#[resource(name = "text")]
impl Text {
    #[handler(status = "201")]
    async fn get() {}
}

struct Bare;

#[resource(name = "bare")]
impl Bare {
    #[handler(status)]
    async fn get() {}
}

struct Twice;

#[resource(name = "twice")]
impl Twice {
    #[handler(status = 201, status = 202)]
    async fn get() {}
}

fn main() {}
