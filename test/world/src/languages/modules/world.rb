module World
  DATA = '@out@/share/world'
  def self.words = File.read("#{DATA}/words").strip
end
