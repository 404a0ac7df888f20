package handlers

import (
	"bytes"
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain/disclosure"
	"osbu/domain/sheet"
	"osbu/domain/statistics"
	"osbu/handlers/api"
)

// GetStatistics answers with what a round's numbers are after the close.
func (s *Server) GetStatistics(
	ctx context.Context,
	req api.GetStatisticsRequestObject,
) (api.GetStatisticsResponseObject, error) {
	all, err := s.config.Statistics.Get(ctx, req.Round)
	if err != nil {
		return nil, err
	}
	answer := api.GetStatistics200JSONResponse{
		At: all.At, Proposals: list(all.Proposals, toEqualityTable),
		Papers: list(all.Papers, func(p statistics.Paper) api.TurnoutOfPaper {
			return api.TurnoutOfPaper{
				Paper: p.Paper, Rights: p.Total.Rights,
				Online: p.Total.Online, Assisted: p.Total.Assisted, OnPaper: p.Total.OnPaper,
				Areas: toTurnoutTable(p.Areas), Ages: toTurnoutTable(p.Ages), Days: toTurnoutDays(all.Days, p.Paper),
			}
		}),
	}
	if all.Costs != nil {
		answer.Costs = new(list(all.Costs, func(c statistics.Cost) api.AreaCost {
			return api.AreaCost{Area: c.Area, All: toCostSum(c.All), Done: toCostSum(c.Done), Cancelled: c.Cancelled}
		}))
	}
	return answer, nil
}

func toTurnoutTable(t disclosure.Table) api.TurnoutTable {
	row := func(r disclosure.Row) api.TurnoutRow {
		return api.TurnoutRow{
			Key: r.Key, Unknown: r.Unknown, Cells: list(r.Cells, toEqualityCell), Total: toEqualityCell(r.Total),
		}
	}
	return api.TurnoutTable{
		Few: t.Few, Rows: list(t.Rows, row), Total: row(t.Total),
		Columns: list(t.Columns, func(names []string) []api.TurnoutTableColumns {
			return list(names, func(name string) api.TurnoutTableColumns { return api.TurnoutTableColumns(name) })
		}),
	}
}

func toTurnoutDays(days []statistics.Day, paper string) []api.TurnoutDay {
	of := []api.TurnoutDay{}
	for _, d := range days {
		if d.Paper == paper {
			of = append(of, api.TurnoutDay{
				From: openapi_types.Date{Time: d.From}, To: openapi_types.Date{Time: d.To},
				Online: d.Online, Assisted: d.Assisted, OnPaper: d.OnPaper,
			})
		}
	}
	return of
}

func toCostSum(s statistics.Sum) api.CostSum {
	return api.CostSum{Projects: s.Projects, Estimate: int64(s.Estimate), Actual: int64(s.Actual)}
}

// GetStatisticsCSV is the same for a spreadsheet, a line for each number; what
// is not told is an empty cell.
func (s *Server) GetStatisticsCSV(
	ctx context.Context,
	req api.GetStatisticsCSVRequestObject,
) (api.GetStatisticsCSVResponseObject, error) {
	text, err := s.statisticsSheet(ctx, req.Round, sheet.CSV)
	if err != nil {
		return nil, err
	}
	return api.GetStatisticsCSV200TextcsvResponse{Body: text, ContentLength: int64(text.Len())}, nil
}

// GetStatisticsXLSX is the same as a workbook.
func (s *Server) GetStatisticsXLSX(
	ctx context.Context,
	req api.GetStatisticsXLSXRequestObject,
) (api.GetStatisticsXLSXResponseObject, error) {
	file, err := s.statisticsSheet(ctx, req.Round, sheet.XLSX)
	if err != nil {
		return nil, err
	}
	return api.GetStatisticsXLSX200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{
		Body: file, ContentLength: int64(file.Len()),
	}, nil
}

// statisticsSheet has a row for each number.
func (s *Server) statisticsSheet(ctx context.Context, id string, format sheet.Format) (*bytes.Buffer, error) {
	all, err := s.config.Statistics.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	t := sheet.Table{
		Name: "statistics", Head: []string{"measure", "by", "paper", "row", "name", "column", "number"}, Counts: []int{6},
	}
	area := func(id string) string {
		a, _ := all.Round.Settings.Area(id)
		return a.Name.Fi
	}
	put := func(cells ...string) { t.Rows = append(t.Rows, sheet.Row{Cells: cells}) }
	table := func(measure, by, paper string, t disclosure.Table, name func(disclosure.Row) string) {
		for i, row := range append(t.Rows, t.Total) {
			key := cmp.Or(row.Key, "city")
			if i == len(t.Rows) {
				key = "total"
			}
			if row.Unknown {
				key += " + " + statistics.UnknownRow
			}
			cell := func(column string, c disclosure.Cell) {
				number := strconv.Itoa(c.N)
				if c.Hidden {
					number = ""
				}
				put(measure, by, paper, key, name(row), column, number)
			}
			for j, c := range row.Cells {
				cell(strings.Join(t.Columns[j], " + "), c)
			}
			cell("total", row.Total)
		}
	}
	byArea := func(row disclosure.Row) string { return area(row.Key) }
	none := func(disclosure.Row) string { return "" }
	for _, p := range all.Papers {
		table("turnout", "area", p.Paper, p.Areas, byArea)
		table("turnout", "age", p.Paper, p.Ages, none)
		channels := func(by, row string, online, assisted, onPaper int) {
			put("turnout", by, p.Paper, row, "", "online", strconv.Itoa(online))
			put("turnout", by, p.Paper, row, "", "assisted", strconv.Itoa(assisted))
			put("turnout", by, p.Paper, row, "", "paper", strconv.Itoa(onPaper))
		}
		channels("channel", "total", p.Total.Online, p.Total.Assisted, p.Total.OnPaper)
		for _, d := range toTurnoutDays(all.Days, p.Paper) {
			day := d.From.Format(time.DateOnly)
			if d.To != d.From {
				day += "/" + d.To.Format(time.DateOnly)
			}
			channels("day", day, d.Online, d.Assisted, d.OnPaper)
		}
	}
	for _, p := range all.Proposals {
		table(string(p.Measure), string(p.By), "", p.Table, byArea)
	}
	for _, c := range all.Costs {
		for _, sum := range []struct {
			measure string
			of      statistics.Sum
		}{{"cost", c.All}, {"cost of finished projects", c.Done}} {
			put(sum.measure, "area", "", c.Area, area(c.Area), "projects", strconv.Itoa(sum.of.Projects))
			put(sum.measure, "area", "", c.Area, area(c.Area), "estimate, euros", sum.of.Estimate.String())
			put(sum.measure, "area", "", c.Area, area(c.Area), "paid, euros", sum.of.Actual.String())
		}
		put("cost", "area", "", c.Area, area(c.Area), "cancelled projects", strconv.Itoa(c.Cancelled))
	}
	var text bytes.Buffer
	return &text, sheet.Write(&text, format, t)
}
