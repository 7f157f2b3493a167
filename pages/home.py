"""# Deep Learning Explorer."""
import streamlit as st

st.markdown(__doc__)
