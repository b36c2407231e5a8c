// Placeholder until the first file of these tests lands.
