package domain

// Point is a place on the map in degrees (WGS 84).
type Point struct{ Latitude, Longitude float64 }

// Check notes under path a point that is nowhere on earth; nil is no point.
func (p *Point) Check(problems *Problems, path string) {
	if p != nil && !(-90 <= p.Latitude && p.Latitude <= 90 && -180 <= p.Longitude && p.Longitude <= 180) {
		problems.Add(path, "bad_format", "WGS 84")
	}
}
