import Plotting
import SphereGrids

extension Figure {
  /// The fields of a map as panels in Mollweide projection: T, Q, U or what there is.
  ///
  /// - Throws: `HealpixError.invalidNside`.
  package static func maps(_ map: MapFields, title: String = "") throws -> Figure {
    let grid = try HealpixGrid(nside: map.nside)
    let panels = map.fields.map { field in
      Panel(
        field.name,
        sky: SkyPicture(
          grid: grid, values: field.values, pixels: map.pixels, unit: map.unit))
    }
    return Figure(
      title, columns: min(2, panels.count), panelWidth: 420, panelHeight: 270, panels)
  }
}
