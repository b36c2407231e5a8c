import Benchmark
import FileFormats
import Plotting
import Studies
import Tasks

extension ReproductionReport {
  /// All about one task; nil if no model of it was measured.
  func section(of task: BenchmarkTask, _ examples: ExampleMaps) throws -> Section? {
    let scores = report.scores.filter { $0.settings.task == task }
    guard !scores.isEmpty else { return nil }
    var pictures: [Picture] = []
    if let figure = Figure.errorCurves(scores) {
      pictures.append(
        Picture(
          name: "\(task.rawValue)-error",
          caption:
            "Mean error in \(Calibration.standardBinCount) bins of the truth, with standard "
            + "errors; dashed: the "
            + "optimal estimates of the same maps.", figure: figure, isBroad: true))
    }
    for score in scores {
      for own in score.parameters {
        let suffix = score.parameters.count == 1 ? "" : "-\(own.parameter)"
        pictures.append(
          Picture(
            name: "\(score.name)\(suffix)",
            caption:
              "\(score.label), \(own.parameter), \(NumberText.grouped(score.mapCount)) maps: "
              + "predictions, residuals, bias.",
            figure: try .score(score, own)))
      }
    }
    if let figure = try examples.figure(task) {
      pictures.append(
        Picture(
          name: "\(task.rawValue)-maps",
          caption:
            "The first test map of each row: north up, east to the left, unobserved pixels grey.",
          figure: figure, isBroad: true))
    }
    return Section(
      title: "\(task.rawValue.uppercased()): \(task.title)",
      content: [calibration(scores)],
      pictures: pictures)
  }

  /// Loss curves of all records; nil without any.
  func training() throws -> Section? {
    let records =
      report.scores.compactMap { score in score.record.map { (score.name, $0) } }
      + report.records.map { ($0.name, $0.record) }
    // A run that ended before its first point has no curve.
    let pictures = try records.filter { !$0.1.lossCurve.isEmpty }.map { name, record in
      let figure = try Figure.training(record, file: name, columns: 1)
      return Picture(
        name: "\(name)-training",
        caption:
          "\(name): \(NumberText.grouped(record.mapsSeen)) maps in "
          + "\(NumberText.grouped(record.steps)) gradient steps.",
        figure: figure)
    }
    guard !pictures.isEmpty else { return nil }
    return Section(
      title: "Training",
      content: [
        .element(
          "p",
          "Most of the work of an isotropic network is done by the readout, which is fitted in "
            + "closed form before "
            + "and after the gradient steps shown here; the first losses are therefore low already."
        )
      ], pictures: pictures)
  }

  /// Filters of all isotropic models; nil without any.
  func filters(_ folder: ModelFolder) throws -> Section? {
    // Other networks have no windows.
    let isotropic = folder.models.filter { $0.model.network.architecture == .isotropic }
    let pictures = try isotropic.map { entry in
      let spectra = try FilterSpectra(entry.model)
      return Picture(
        name: "\(entry.name)-filters", caption: "\(entry.name): windows of the first block.",
        figure: .filters(spectra))
    }
    guard !pictures.isEmpty else { return nil }
    return Section(
      title: "Learned filters",
      content: [
        .element(
          "p",
          "The weights of every band against the degree, divided by the largest of the band. "
            + "Bands start "
            + "narrow, one per degree; gradients widen them.")
      ], pictures: pictures, isGrid: false)
  }

  /// Exactness of the analysis and equivariance of networks, measured now.
  func studies(threads: Int, _ progress: StudyProgress) throws -> Section {
    let exactness = try ExactnessStudy(
      .quick(seed: report.seed), threads: threads, progress: progress)
    let equivariance = try EquivarianceStudy(
      .quick(seed: report.seed), threads: threads, progress: progress)
    return Section(
      title: "Exactness and equivariance",
      content: [
        .element(
          "p",
          "Measured for this report with few cases; 'sphere study' measures more. Left: what the "
            + "way from "
            + "coefficients to a HEALPix map and back leaves of them. Right: how much a "
            + "network's answer changes when "
            + "the sky turns, in units of the answers' scatter over skies.")
      ],
      pictures: [
        Picture(
          name: "exactness",
          caption:
            "Relative error of coefficients after synthesis and analysis at nside 16, against "
            + "lmax/nside.",
          figure: exactness.methodFigure(nside: 16)),
        Picture(
          name: "equivariance",
          caption:
            "Change of the outputs of networks with random weights under rotations of the sky.",
          figure: equivariance.figure),
      ], isGrid: false)
  }
}
