import ArgumentParser

@main
struct Serspec: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serspec", abstract: "An interpreter for experiment specs in speech emotion recognition.")
}
