package handlers

import (
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// A megabyte of nothing in every list of every operation takes hardly more
// memory than it is long: lists end at their limit, or where enough is wrong.
func TestLongListsTakeLittleMemory(t *testing.T) {
	const megabyte = 1 << 20
	lists := 0
	for _, request := range requests() {
		body, _ := request.FieldByName("Body")
		object := body.Type.Elem()
		if object.Kind() != reflect.Struct {
			continue
		}
		for f := range object.Fields() {
			list := f.Type
			if list.Kind() == reflect.Pointer {
				list = list.Elem()
			}
			if list.Kind() != reflect.Slice || list == fileType {
				continue
			}
			lists++
			for _, element := range []string{"0,", "1234567,", `"",`, "{},", "[],", "null,"} {
				text := `{"` + nameOf(f) + `":[` + strings.TrimSuffix(strings.Repeat(element, megabyte/len(element)), ",") + "]}"
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				err := new(shapes).decode([]byte(text), reflect.New(object).Interface())
				runtime.ReadMemStats(&after)
				if got := after.TotalAlloc - before.TotalAlloc; err == nil || got > 4*megabyte {
					t.Errorf("%s.%s: got %v and %d bytes for %s…, want a refusal and at most %d",
						request.Name(), nameOf(f), err, got, element, 4*megabyte)
				}
			}
		}
	}
	if lists < 15 {
		t.Errorf("got %d lists, want those of all operations", lists)
	}
}
