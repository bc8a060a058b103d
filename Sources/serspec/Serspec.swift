import ArgumentParser
import Diagnostics

/// The command line. Exit codes are a contract; see `ExitStatus`.
@main
struct Serspec: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serspec",
    abstract: "An interpreter for experiment specs in speech emotion recognition.",
    discussion: """
      A spec is a YAML file that says everything an experiment is. Try:

        serspec validate specs/cnn2d.yaml
        serspec run specs/cnn2d.yaml --corpus demo --epochs 2
      """,
    version: programVersion,
    subcommands: [
      Run.self, Validate.self, Show.self, Diff.self, Explain.self, SplitCommand.self, SweepCommand.self, Status.self,
      Compare.self, Report.self, Plot.self, Evaluate.self, Predict.self, Reproduce.self, Doctor.self, Features.self,
      CacheCommand.self, LayersCommand.self, SchemaCommand.self, Synth.self, Bench.self,
    ])

  static func main() {
    var command: any ParsableCommand
    do {
      command = try parseAsRoot()
    } catch {
      // Help and version are no mistakes; everything else is wrong usage.
      if exitCode(for: error) == .success { exit(withError: error) }
      Console.error(fullMessage(for: error))
      ExitStatus.usage.exit()
    }
    do {
      try command.run()
    } catch let failure as DiagnosticFailure {
      Console.report(failure.diagnostics)
      ExitStatus(failure.diagnostics).exit()
    } catch let status as ExitStatus {
      status.exit()
    } catch {
      if exitCode(for: error) == .success { exit(withError: error) }
      Console.error(fullMessage(for: error))
      ExitStatus.failed.exit()
    }
  }
}
