"""Figures by what they show: arrays in, `go.Figure` out; no torch and no Streamlit."""
