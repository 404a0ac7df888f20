package round_test

import (
	"reflect"
	"testing"
	"time"

	"osbu/domain/round"
)

// A clone is equal, and shares no memory, whatever fields a round has or gets.
func TestClone(t *testing.T) {
	t.Parallel()
	var r round.Round
	fill(t, reflect.ValueOf(&r).Elem())
	c := r.Clone()
	if !reflect.DeepEqual(r, c) {
		t.Fatalf("got %+v, want %+v", c, r)
	}
	apart(t, "Round", reflect.ValueOf(r), reflect.ValueOf(c))
}

// fill puts something in everything.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1, 0)))
			return
		}
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint8:
		v.SetUint(1)
	default:
		t.Fatalf("a round has a %s: let Clone and this test know it", v.Type())
	}
}

func apart(t *testing.T, path string, a, b reflect.Value) {
	t.Helper()
	switch a.Kind() {
	case reflect.Struct:
		if a.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range a.NumField() {
			apart(t, path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	case reflect.Pointer, reflect.Slice:
		if a.Pointer() == b.Pointer() {
			t.Errorf("%s is shared", path)
		}
		if a.Kind() == reflect.Pointer {
			apart(t, path, a.Elem(), b.Elem())
			return
		}
		for i := range a.Len() {
			apart(t, path+"[]", a.Index(i), b.Index(i))
		}
	default: // fill let nothing else that refers to memory through
	}
}
