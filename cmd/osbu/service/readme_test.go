package service

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestReadmeNamesEverySettingAndItsDefault(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for f := range reflect.TypeFor[Settings]().Fields() {
		name := "`" + prefix + f.Tag.Get("env") + "`"
		var variable, byDefault string
		for line := range strings.Lines(string(text)) {
			if cells := strings.Split(line, "|"); len(cells) > 3 && strings.Contains(cells[1], name) {
				variable, byDefault = cells[1], cells[2]
			}
		}
		switch value := f.Tag.Get("envDefault"); {
		case variable == "":
			t.Errorf("README.md has no line for %s", name)
		case !strings.HasPrefix(value, "postgres:") && !strings.Contains(byDefault, value):
			t.Errorf("README.md does not say that %s is %s by default", name, value)
		case f.Tag.Get("secret") != "" && !strings.Contains(variable, name+" 🔑"):
			t.Errorf("README.md does not mark %s as a secret", name)
		}
	}
}
