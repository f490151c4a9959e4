@main
enum Main {
    static func main() {
        GateProcess.run(arguments: CommandLine.arguments)
    }
}
