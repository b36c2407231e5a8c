// Code that draws fields also names their seeds and streams.
@_exported import RandomNumbers
