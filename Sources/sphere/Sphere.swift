import ArgumentParser
import BenchmarkTasks

/// The program.
@main
struct Sphere: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sphere",
    abstract: "Spectral networks on the sphere: from maps of the sky to numbers with error bars.",
    discussion: """
      Data goes to standard output, progress and messages to standard error.
      Exit codes: 0 fine; 1 a check failed or training diverged; 64 wrong usage; 65 unusable input; \
      66 missing input; 73 output cannot be written; 129, 130 or 143 interrupted.
      """,
    version: ProgramVersion.text,
    subcommands: [
      Quickstart.self, Train.self, Predict.self, Evaluate.self, Simulate.self, Baseline.self,
      Calibrate.self,
      Limits.self, Synthesize.self, Analyze.self, Spectrum.self, Resample.self, Rotate.self,
      Models.self, Convert.self, Inspect.self, Plot.self, Verify.self, ConformanceCommand.self,
      Study.self,
      Reproduce.self,
    ])
}
