import Worker

@main
enum Main {
    static func main() {}
}
