import Worker

@main
enum Main {
    static func main() {
        JobWorker.run(arguments: CommandLine.arguments)
    }
}
