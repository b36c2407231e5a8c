import TrainingRuns

extension AblationStudy {
  /// One cycle in place of the plateau rule, which needs many more maps; all else as published.
  private static let published = PublishedVariant.published.with { $0.schedule = .oneCycle }

  /// The base, of which the other runs change one thing: without dropout, and with running
  /// statistics in the second half of the steps.
  private static let base = published.with {
    $0.dropout = 0
    $0.batchStatistics = 0.5
  }

  private static func base(_ change: (inout PublishedVariant) -> Void) -> AblationRun.Network {
    .published(base.with(change))
  }

  /// Polynomials, so that the fit is a closed form everywhere.
  private static let closedForm = IsotropicVariant(readout: .polynomial)

  /// The run of the base, and its label where the other runs of a question are changes of it.
  static let baseName = "t1-running-statistics"
  static let baseLabels: [AblationQuestion: String] = [
    .readout: "base: weights per order, mean", .sampling: "base: containing pixel",
  ]

  /// All runs, in the order in which they are carried out.
  package static let runs: [AblationRun] = [
    AblationRun(
      "t1-published", .training, "as published",
      "The published architecture, its dropout and its batch statistics, with one cycle of the "
        + "learning rate.",
      .t1, .published(published)),
    AblationRun(
      "t1-no-dropout", .training, "no dropout",
      "The same without dropout before the last layer.",
      .t1, .published(published.with { $0.dropout = 0 })),
    AblationRun(
      "t1-running-statistics", .training, "no dropout, running statistics",
      "Also, the second half of the steps normalises with running statistics, as inference does: "
        + "the base.",
      .t1, .published(base)),

    AblationRun(
      "t1-shared-weights", .readout, "shared weights, mean",
      "The base with one real weight per degree, shared by all orders: isotropic weights.",
      .t1, base { $0.shared = 1 }),
    AblationRun(
      "t1-power", .readout, "weights per order, power",
      "The base with the logarithm of the mean square read out of every channel, not its mean.",
      .t1, base { $0.pooling = .power }),
    AblationRun(
      "t1-shared-power", .readout, "shared weights, power",
      "Both: isotropic weights and powers.",
      .t1, base { ($0.shared, $0.pooling) = (1, .power) }),
    AblationRun(
      "t1-fitted-readout", .readout, "weights per order, mean, fitted",
      "The base with two fifths of the maps kept for a fit of the dense layers to pooled means.",
      .t1, .published(base, readoutShare: 0.4)),
    AblationRun(
      "t1-shared-fitted-readout", .readout, "shared weights, mean, fitted",
      "The same with shared weights.",
      .t1, .published(base.with { $0.shared = 1 }, readoutShare: 0.4)),
    AblationRun(
      "t1-isotropic-gradients", .readout, "isotropic, gradients",
      "The isotropic network, its polynomial readout trained by gradient steps alone from the "
        + "prior's mean.",
      .t1, .isotropic(closedForm.with { $0.training = .gradients })),
    AblationRun(
      "t1-isotropic-two-blocks", .readout, "isotropic, two blocks, gradients",
      "The same with a block of 16 channels and its ReLU before: everything by gradients, end to "
        + "end.",
      .t1, .isotropic(closedForm.with { ($0.training, $0.channels) = (.gradients, [16, 48]) })),
    AblationRun(
      "t1-isotropic-closed-form", .readout, "isotropic, closed form",
      "The isotropic network with its readout fitted in closed form.",
      .t1, .isotropic(closedForm)),

    AblationRun(
      "t1-bilinear", .sampling, "bilinear",
      "The base with bilinear interpolation at the same points.",
      .t1, base { $0.sampling = .bilinear }),
    AblationRun(
      "t1-harmonic", .sampling, "harmonic",
      "The base with the least-squares series of the map at the nodes of the transform.",
      .t1, base { $0.sampling = .harmonic }),

    AblationRun(
      "t1-noise15-containing-pixel", .noise, "containing pixel",
      "The base on noisy maps: 1736 of the 3072 pixels are read.",
      .t1Noise15, .published(base)),
    AblationRun(
      "t1-noise15-bilinear", .noise, "bilinear",
      "The same with four pixels around every point.",
      .t1Noise15, base { $0.sampling = .bilinear }),
    AblationRun(
      "t1-noise15-harmonic", .noise, "harmonic",
      "The same with all pixels, through least squares.",
      .t1Noise15, base { $0.sampling = .harmonic }),
    AblationRun(
      "t1-noise15-isotropic", .noise, "isotropic, closed form",
      "The isotropic network with its readout fitted in closed form.",
      .t1Noise15, .isotropic(closedForm)),

    AblationRun(
      "t2-inpainting", .mask, "published, inpainting",
      "The base on Q, U and mask, masked points filled with the mean of the observed ones.",
      .t2Cut, base { $0.inpaints = true }),
    AblationRun(
      "t2-masking", .mask, "published, masking",
      "The base on Q, U and mask, masked points zero.",
      .t2Cut, base { $0.inpaints = false }),
    AblationRun(
      "t2-isotropic-masking", .mask, "isotropic, masking",
      "The isotropic network on E and B of zero-filled maps, analysed like those of a full sky.",
      .t2Cut, .isotropic(closedForm.with { $0.cutSky = .masking })),
    AblationRun(
      "t2-isotropic-filters", .mask, "isotropic, 4 filters",
      "The isotropic network on E and B of four inverse-covariance filters of the observed "
        + "pixels, a band per degree.",
      .t2Cut, .isotropic(closedForm.with { ($0.fiducials, $0.bands) = (2, 46) })),
    AblationRun(
      "t2-isotropic-wide-bands", .mask, "isotropic, 4 filters, wide bands",
      "The same with eight wide bands in place of a band per degree.",
      .t2Cut, .isotropic(closedForm.with { ($0.fiducials, $0.bands) = (2, 8) })),
    AblationRun(
      "t2-isotropic-one-filter", .mask, "isotropic, 1 filter, wide bands",
      "The same with one filter, for the middle of the prior.",
      .t2Cut, .isotropic(closedForm.with { ($0.fiducials, $0.bands) = (1, 8) })),
    AblationRun(
      "t2-isotropic-nine-filters", .mask, "isotropic, 9 filters, wide bands",
      "The same with nine filters: what the shipped model of this row has.",
      .t2Cut, .isotropic(closedForm.with { ($0.fiducials, $0.bands) = (3, 8) })),
  ]
}
