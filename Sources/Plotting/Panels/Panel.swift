/// One pair of axes with what they show.
package struct Panel: Sendable {
  /// Stands above the frame.
  package var title: String
  package var x: Axis
  package var y: Axis
  package var contents: [PanelContent]

  /// A panel from its axes and contents.
  package init(_ title: String, x: Axis, y: Axis, _ contents: [PanelContent]) {
    self.title = title
    self.x = x
    self.y = y
    self.contents = contents
  }

  /// A panel with a map of the sky.
  package init(_ title: String, sky: SkyPicture) {
    self.init(title, x: Axis(""), y: Axis(""), [.sky(sky)])
  }

  /// The map of the sky that fills the panel, if it is one.
  ///
  /// Domain: no other content beside a map (a precondition).
  var sky: SkyPicture? {
    for case .sky(let picture) in contents {
      precondition(contents.count == 1, "panel '\(title)' has more than its map")
      return picture
    }
    return nil
  }

  /// The first colour bar of the panel's cells.
  var colourBar: ColourBar? {
    for case .cells(let map) in contents {
      guard let label = map.barLabel else { continue }
      return ColourBar(range: map.range, scale: map.scale, label: label, colour: map.colour)
    }
    return nil
  }
}
