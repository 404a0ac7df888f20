package domain

// Point is a place on the map in degrees (WGS 84).
type Point struct{ Latitude, Longitude float64 }

// Extent is a box on the map in degrees (WGS 84), its sides included; a city
// lies in it. The zero box is all the earth.
type Extent struct{ South, West, North, East float64 }

var earth = Extent{-90, -180, 90, 180}

// Holds tells whether the point lies in the box. NaN lies nowhere.
func (e Extent) Holds(p Point) bool {
	if e == (Extent{}) {
		e = earth
	}
	return e.South <= p.Latitude && p.Latitude <= e.North && e.West <= p.Longitude && p.Longitude <= e.East
}

// Check notes under path a point that is nowhere on earth or outside the city;
// nil is no point. One far away, often with its two numbers swapped, would make
// everybody's map too small to read.
func (p *Point) Check(city Extent, problems *Problems, path string) {
	switch {
	case p == nil:
	case !earth.Holds(*p):
		problems.Add(path, "bad_format", "WGS 84")
	case !city.Holds(*p):
		problems.Add(path, "outside_city", "")
	}
}
