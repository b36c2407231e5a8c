/// The version of the program and of the models it writes.
public enum ProgramVersion {
  public static let text = "0.1.0"
}
