package handlers

import (
	"osbu/domain"
	"osbu/handlers/api"
)

// What is absent in JSON is a nil pointer in the generated shapes and a zero
// value in the domain.

// given is the value, or its zero value if it was absent.
func given[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// unlessZero is absent for a zero value.
func unlessZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// unlessEmpty is absent for an empty list.
func unlessEmpty[T any](items []T) *[]T {
	if len(items) == 0 {
		return nil
	}
	return &items
}

// list is what f makes of every item, never null in JSON.
func list[From, To any](items []From, f func(From) To) []To {
	out := make([]To, len(items))
	for i, item := range items {
		out[i] = f(item)
	}
	return out
}

func toText(t domain.Text) api.Text {
	return api.Text{Fi: t.Fi, Sv: unlessZero(t.Sv), En: unlessZero(t.En)}
}

// toPartial is nil for a text that stands in no language.
func toPartial(t domain.Text) *api.Text {
	if t == (domain.Text{}) {
		return nil
	}
	return new(toText(t))
}

func fromText(t api.Text) domain.Text {
	return domain.Text{Fi: t.Fi, Sv: given(t.Sv), En: given(t.En)}
}
